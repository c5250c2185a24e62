using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Backlog;

namespace SiteMonitor.Tests.LocalHost.Backlog;

public sealed class LiveViewTests : IDisposable
{
    private readonly StringWriter _text = new();
    private readonly LiveView _view;

    public LiveViewTests() => _view = new LiveView(Consoles.Terminal(_text));

    [Fact]
    public async Task What_Goes_On_Is_Shown_With_A_Bar_And_What_Ended_Stays()
    {
        _view.AddExpectedIssues(2);
        await _view.ShowProgressAsync(async () =>
        {
            _view.ShowStage("o/r#1", "analyzing");
            _view.ShowRunEnd(Ended("o/r#2"));
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, TestContext.Current.CancellationToken);
            _view.ShowRunEnd(Ended("o/r#1"));
        });

        string text = _text.ToString();
        Assert.Contains("  o/r#1 analyzing", text, StringComparison.Ordinal);
        Assert.Contains("1 of 2 issues", text, StringComparison.Ordinal);
        Assert.Contains("✓ o/r#2 succeeded", text, StringComparison.Ordinal);
        Assert.Contains("✓ o/r#1 succeeded", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_Said_While_Nothing_Moves_Are_Written_At_Once()
    {
        _view.AddExpectedIssues(1);
        _view.WriteLine("a line [with] brackets");
        _view.ShowStage("o/r#3", "preparing");

        Assert.Contains("a line [with] brackets", _text.ToString(), StringComparison.Ordinal);
        Assert.Contains("  o/r#3 preparing", _text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Emoji_Codes_And_Tags_In_A_Name_Are_Shown_As_They_Are()
    {
        _view.AddExpectedIssues(2);
        _view.WriteLine("octo:watch:4 [red]");
        await _view.ShowProgressAsync(async () =>
        {
            _view.ShowStage("octo:watch:5", "[analyzing]");
            _view.ShowRunEnd(Ended("octo:key:6"));
            await Task.Delay(TimeSpan.FromMilliseconds(350), TimeProvider.System, TestContext.Current.CancellationToken);
        });

        string text = _text.ToString();
        Assert.Contains("octo:watch:4 [red]", text, StringComparison.Ordinal);
        Assert.Contains("octo:watch:5 [analyzing]", text, StringComparison.Ordinal);
        Assert.Contains("octo:key:6 succeeded", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Fault_Of_The_Work_Comes_Through()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => _view.ShowProgressAsync(() => Task.FromException(new InvalidOperationException("as asked"))));
    }

    public void Dispose() => _text.Dispose();

    private static RunRecord Ended(string issue) => new()
    {
        Kind = RunKind.Run,
        RunId = issue,
        Issue = issue,
        Trigger = "batch",
        Outcome = RunOutcome.Succeeded,
        Started = DateTimeOffset.UnixEpoch,
        Ended = DateTimeOffset.UnixEpoch,
    };
}
