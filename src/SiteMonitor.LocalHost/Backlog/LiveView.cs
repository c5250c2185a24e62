using SiteMonitor.Core.Ledger;
using Spectre.Console;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>For a terminal: what has ended scrolls by, what goes on stands below it, a bar at the foot.</summary>
internal sealed class LiveView(IAnsiConsole console) : IBacklogView
{
    private const int MostShown = 10;
    private const int BarWidth = 40;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _active = new(StringComparer.Ordinal);
    private readonly Queue<(string Text, string Colour)> _lines = new();
    private bool _moves;
    private int _expected;
    private int _done;

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
            if (!_moves)
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
        await console.Live(Moving()).AutoClear(true).StartAsync(async live =>
        {
            Move(true);
            Task running = work();
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(Refresh, TimeProvider.System));
                WriteLines();
                live.UpdateTarget(Moving());
            }

            await running;
        });
        Move(false);
    }

    private static string Active(string issue, string stage) => $"  [blue]{Markup.Escape(issue)}[/] {Markup.Escape(stage)}";

    /// <summary>Exactly one row wide, so that nothing of what stood there shows through.</summary>
    private string OverWhatMoves(string text)
    {
        int width = console.Profile.Width - 1;
        return text.Length <= width ? text.PadRight(width) : $"{text[..(width - 1)]}…";
    }

    private void Move(bool moves)
    {
        lock (_gate)
        {
            _moves = moves;
            WriteLines();
        }
    }

    /// <summary>Lines wait while something moves below them: the console is written by one thread then.</summary>
    private void Add(string text, string colour)
    {
        lock (_gate)
        {
            _lines.Enqueue((text, colour));
            if (!_moves)
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
                console.MarkupLine($"[{line.Colour}]{Markup.Escape(_moves ? OverWhatMoves(line.Text) : line.Text)}[/]");
            }
        }
    }

    // One text, not rows or charts: those end with a line break that Live's cursor movements do not expect.
    private Markup Moving()
    {
        lock (_gate)
        {
            List<string> lines = [.. _active.Take(MostShown).Select(a => Active(a.Key, a.Value))];
            if (_active.Count > MostShown)
            {
                lines.Add($"  [grey]and {_active.Count - MostShown} more[/]");
            }

            int total = Math.Max(_done, _expected);
            int filled = total == 0 ? 0 : BarWidth * _done / total;
            lines.Add($"[green]{new string('█', filled)}[/][grey]{new string('░', BarWidth - filled)}[/] {_done} of {total} issues");
            return new Markup(string.Join('\n', lines));
        }
    }
}
