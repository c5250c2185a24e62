using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Backlog;

namespace SiteMonitor.Tests.LocalHost.Backlog;

public sealed class BacklogSummaryTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_Last_Run_Of_An_Issue_Counts()
    {
        BacklogSummary summary = Summary(
            Run("o/r#1", RunOutcome.Failed, 1), Run("o/r#1", RunOutcome.Succeeded, 2), Run("o/r#2", RunOutcome.Waiting, 1));

        Assert.Equal((1, 1, 0), (summary.Count(RunOutcome.Succeeded), summary.Count(RunOutcome.Waiting), summary.Count(RunOutcome.Failed)));
        Assert.Empty(summary.Failures);
    }

    [Fact]
    public void Times_To_Copilot_Are_Those_Of_Issues_That_Got_There()
    {
        BacklogSummary summary = Summary(
            [.. Enumerable.Range(1, 20).Select(i => Run($"o/r#{i}", RunOutcome.Succeeded, i)), Run("o/r#21", RunOutcome.Waiting, 500)]);

        Assert.Equal(20, summary.ToCopilot.Count);
        Assert.Equal(TimeSpan.FromSeconds(10), BacklogSummary.Percentile(summary.ToCopilot, 0.5));
        Assert.Equal(TimeSpan.FromSeconds(19), BacklogSummary.Percentile(summary.ToCopilot, 0.95));
        Assert.Null(BacklogSummary.Percentile([], 0.5));
    }

    [Fact]
    public void Failures_Are_Told_With_Their_Reason()
    {
        string[] lines = [.. BacklogSummaryText.Lines(
            Summary(Run("o/r#1", RunOutcome.Critical, 1) with { Reason = "text was lost", ReasonCode = "text-lost" }))];

        Assert.Contains("1 issues in 3.0 s: 0 failed, 1 critical", lines);
        Assert.Contains("  failed: o/r#1: text was lost (text-lost)", lines);
    }

    [Fact]
    public void Calls_Tokens_And_Cost_Are_Told()
    {
        string text = string.Join(
            '\n', BacklogSummaryText.Lines(
                Summary(Run("o/r#1", RunOutcome.Succeeded, 2), Run("o/r#2", RunOutcome.Skipped, 1) with { Stages = [] })));

        Assert.Contains("6.0 for the whole way, 4.0 of them writes; at most 6; 2 extra calls in all", text, StringComparison.Ordinal);
        Assert.Contains("2 calls, 2,000 tokens, $0.0200; 2 from the cache", text, StringComparison.Ordinal);
        Assert.Contains("p50 2.0 s, p95 2.0 s", text, StringComparison.Ordinal);
    }

    private static BacklogSummary Summary(params RunRecord[] records) => BacklogSummary.Of(records, _ => Start, TimeSpan.FromSeconds(3));

    private static RunRecord Run(string issue, RunOutcome outcome, int seconds) => new()
    {
        Kind = RunKind.Run,
        RunId = $"{issue}-{seconds}",
        Issue = issue,
        Trigger = "batch",
        Outcome = outcome,
        Stages = [new StageRecord(Stage.Analysis, Logic.Unified, outcome, 1), new StageRecord(
            Stage.Preparation, Logic.Unified, outcome, 1)],
        Usage = new Usage
        {
            GitHubReads = 2,
            GitHubWrites = 4,
            GitHubExtra = 1,
            ModelCalls = 1,
            PromptTokens = 800,
            CompletionTokens = 200,
            Dollars = 0.01m,
            CacheHits = 1,
        },
        Started = Start,
        Ended = Start.AddSeconds(seconds),
    };
}
