using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Reporting;

/// <summary>Builds ledger records.</summary>
internal static class Records
{
    private static int _number;

    public static DateTimeOffset Now { get; } = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A unified run of both stages: 2 reads, 4 writes, one model call.</summary>
    public static RunRecord Run(int issue, RunOutcome outcome = RunOutcome.Succeeded, double hoursAgo = 1, long ms = 4000) => new()
    {
        Kind = RunKind.Run,
        RunId = $"run-{Interlocked.Increment(ref _number)}",
        Issue = $"o/r#{issue}",
        Trigger = "webhook",
        Stages =
        [
            new StageRecord(Stage.Analysis, Logic.Unified, RunOutcome.Succeeded, ms / 4),
            new StageRecord(Stage.Preparation, Logic.Unified, outcome, ms * 3 / 4),
        ],
        Route = Logic.Unified,
        RouteReason = "Targeting 100 %",
        Phase = "full",
        Outcome = outcome,
        Usage = new Usage { GitHubReads = 2, GitHubWrites = 4, ModelCalls = 1, PromptTokens = 900, CompletionTokens = 100, Dollars = 0.01m },
        DurationMs = ms,
        Started = Now.AddHours(-hoursAgo),
        Ended = Now.AddHours(-hoursAgo).AddMilliseconds(ms),
    };

    public static RunRecord Legacy(int issue, double hoursAgo = 1) => Run(issue, hoursAgo: hoursAgo, ms: 500) with
    {
        Route = Logic.Legacy,
        Stages = [new StageRecord(Stage.Analysis, Logic.Legacy, RunOutcome.Succeeded, 500)],
        Usage = new Usage { GitHubReads = 1, GitHubWrites = 1 },
    };

    public static RunRecord Command(string name, string mode, double hoursAgo = 1) => Run(1, hoursAgo: hoursAgo) with
    {
        Kind = RunKind.Command,
        Issue = string.Empty,
        Stages = [],
        RequestedStage = name,
        ReasonCode = $"command-{mode}",
        Usage = Usage.Zero,
    };
}
