using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using Spectre.Console;

namespace SiteMonitor.LocalHost.Backlog;

/// <summary>Progress for logs and pipes: one line per event.</summary>
internal sealed class PlainView(IAnsiConsole console, TimeProvider time) : IBacklogView
{
    private readonly Lock _gate = new();
    private int _expected;
    private int _ended;

    public int ExpectedIssues => Math.Max(_ended, _expected);

    public int EndedIssues => _ended;

    public void WriteLine(string line) => Write(line);

    public void AddExpectedIssues(int issues)
    {
        lock (_gate)
        {
            _expected += issues;
        }
    }

    public void ShowStage(string issue, string stage) => Write($"{time.GetUtcNow():HH:mm:ss} {issue} {stage}");

    public void ShowRunEnd(RunRecord record)
    {
        string count;
        lock (_gate)
        {
            count = $"{++_ended}/{Math.Max(_ended, _expected)}";
        }

        Write($"{time.GetUtcNow():HH:mm:ss} {RunEndText.Of(record)} [{count}]");
    }

    public Task ShowProgressAsync(Func<Task> work) => work();

    private void Write(string line)
    {
        lock (_gate)
        {
            console.Profile.Out.Writer.WriteLine(TerminalText.Clean(line));
            console.Profile.Out.Writer.Flush();
        }
    }
}
