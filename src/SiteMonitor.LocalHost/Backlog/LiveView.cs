using SiteMonitor.Core.Ledger;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>For a terminal: what has ended scrolls by, what goes on stands below it, a bar at the foot.</summary>
internal sealed class LiveView(IAnsiConsole console) : IBacklogView
{
    private const int MostShown = 10;
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(100);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, string> _active = new(StringComparer.Ordinal);
    private readonly Queue<Markup> _ended = new();
    private int _expected;
    private int _done;

    public void Say(string line) => Scroll(new Markup(Markup.Escape(line)));

    public void Expect(int issues)
    {
        lock (_gate)
        {
            _expected += issues;
        }
    }

    public void EnterStage(string issue, string stage)
    {
        lock (_gate)
        {
            _active[issue] = stage;
        }
    }

    public void End(RunRecord record)
    {
        lock (_gate)
        {
            _active.Remove(record.Issue);
            _done++;
            _ended.Enqueue(new Markup($"[{EndedLine.Colour(record.Outcome)}]{Markup.Escape(EndedLine.Of(record))}[/]"));
        }
    }

    public async Task WhileAsync(Func<Task> work)
    {
        await console.Live(Moving()).AutoClear(true).StartAsync(async live =>
        {
            Task running = work();
            while (!running.IsCompleted)
            {
                await Task.WhenAny(running, Task.Delay(Refresh, TimeProvider.System));
                Flush();
                live.UpdateTarget(Moving());
            }

            await running;
        });
        Flush();
    }

    private void Scroll(Markup line)
    {
        lock (_gate)
        {
            _ended.Enqueue(line);
        }

        if (_expected == 0)
        {
            Flush();
        }
    }

    private void Flush()
    {
        lock (_gate)
        {
            while (_ended.TryDequeue(out Markup? line))
            {
                console.Write(line);
                console.WriteLine();
            }
        }
    }

    private Rows Moving()
    {
        lock (_gate)
        {
            List<IRenderable> rows = [.. _active.Take(MostShown).Select(a => new Markup($"  [blue]{Markup.Escape(a.Key)}[/] {Markup.Escape(a.Value)}"))];
            if (_active.Count > MostShown)
            {
                rows.Add(new Markup($"  [grey]and {_active.Count - MostShown} more[/]"));
            }

            int total = Math.Max(_done, _expected);
            rows.Add(new BreakdownChart().Width(Math.Min(60, console.Profile.Width)).HideTags()
                .AddItem("done", _done, Color.Green).AddItem("left", Math.Max(total - _done, total == 0 ? 1 : 0), Color.Grey23));
            rows.Add(new Markup($"{_done} of {total} issues"));
            return new Rows(rows);
        }
    }
}
