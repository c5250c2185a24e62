using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using Spectre.Console;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Progress for a terminal: ended runs scroll by, active ones are listed below them, with a bar at the bottom.</summary>
internal sealed class LiveView(IAnsiConsole console) : IBacklogView
{
    private const int MaxShownIssues = 10;
    private const int BarWidth = 40;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _active = new(StringComparer.Ordinal);
    private readonly Queue<(string Text, string Colour)> _lines = new();
    private bool _isProgressShown;
    private int _expected;
    private int _done;

    public int ExpectedIssues => Math.Max(_done, _expected);

    public int EndedIssues => _done;

    public void WriteLine(string line) => Add(line, "default");

    public void AddExpectedIssues(int issues)
    {
        lock (_gate)
        {
            _expected += issues;
        }
    }

    public void ShowStage(string issue, string stage)
    {
        lock (_gate)
        {
            _active[issue] = stage;
            if (!_isProgressShown)
            {
                Add($"  {issue} {stage}", "default");
            }
        }
    }

    public void ShowRunEnd(RunRecord record)
    {
        lock (_gate)
        {
            _active.Remove(record.Issue);
            _done++;
            Add(RunEndText.Of(record), RunEndText.Colour(record.Outcome));
        }
    }

    public async Task ShowProgressAsync(Func<Task> work)
    {
        await console.Live(RenderProgress()).AutoClear(true).StartAsync(async live =>
        {
            SetProgressShown(true);
            Task running = work();
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(Refresh, TimeProvider.System));
                WriteLines();
                live.UpdateTarget(RenderProgress());
            }

            await running;
        });
        SetProgressShown(false);
    }

    /// <summary>Pads or cuts the text to exactly one row, so that it covers what was drawn there.</summary>
    private string PadToRow(string text)
    {
        int width = console.Profile.Width - 1;
        return text.Length <= width ? text.PadRight(width) : $"{text[..(width - 1)]}…";
    }

    private void SetProgressShown(bool isShown)
    {
        lock (_gate)
        {
            _isProgressShown = isShown;
            WriteLines();
        }
    }

    /// <summary>Queues a line. While the progress display is active, only its thread writes to the console.</summary>
    private void Add(string text, string colour)
    {
        lock (_gate)
        {
            _lines.Enqueue((text, colour));
            if (!_isProgressShown)
            {
                WriteLines();
            }
        }
    }

    private void WriteLines()
    {
        lock (_gate)
        {
            while (_lines.TryDequeue(out (string Text, string Colour) line))
            {
                string text = TerminalText.Clean(_isProgressShown ? PadToRow(line.Text) : line.Text);
                console.Write(new Paragraph(text, Style.Parse(line.Colour)));
                console.WriteLine();
            }
        }
    }

    // One text instead of rows or charts: those end with a line break that Live's cursor movements do not expect.
    // Not markup, which would replace emoji codes in the names of issues.
    private Paragraph RenderProgress()
    {
        lock (_gate)
        {
            Paragraph text = new();
            foreach ((string issue, string stage) in _active.Take(MaxShownIssues))
            {
                text.Append("  ").Append(issue, Color.Blue).Append($" {stage}\n");
            }

            if (_active.Count > MaxShownIssues)
            {
                text.Append($"  and {_active.Count - MaxShownIssues} more\n", Color.Grey);
            }

            int total = Math.Max(_done, _expected);
            int filled = total == 0 ? 0 : BarWidth * _done / total;
            return text.Append(new string('█', filled), Color.Green).Append(new string('░', BarWidth - filled), Color.Grey)
                .Append($" {_done} of {total} issues");
        }
    }
}
