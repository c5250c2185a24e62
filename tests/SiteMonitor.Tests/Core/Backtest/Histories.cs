using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Core.Backtest;

/// <summary>Issues of an export, and rows of a backtest.</summary>
internal static class Histories
{
    public const string Analyst = "intelligence-analyst";
    public const string Researcher = "osint-researcher";

    public static DateTimeOffset Start { get; } = new(2026, 5, 4, 8, 0, 0, TimeSpan.Zero);

    public static IssueHistory Create(int number = 1, params string[] labels) => new()
    {
        Number = number,
        Title = "Ransomware campaign against grid operators",
        Body = "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware. It exploits CVE-2025-21418.",
        CreatedAt = Start + TimeSpan.FromHours(number),
        Labels = labels,
    };

    public static LabelEvent Label(IssueHistory issue, string label, int afterSeconds = 0, bool isAdded = true, bool isByBot = false) =>
        new(issue.CreatedAt + TimeSpan.FromSeconds(afterSeconds), label, isAdded, "grace", isByBot);

    public static LinkedPullRequest PullRequest(PullRequestEnd end) => new("o/r", 7, "Copilot", IsByCopilot: true, end);

    public static BacktestRow Row(int number, string right, string unified, string legacy = "", double score = 0.9) => new()
    {
        Number = number,
        CreatedAt = Start + TimeSpan.FromHours(number),
        Right = right == "?" ? HumanDecision.Unknown : new HumanDecision(right.Length > 0 ? HumanDecisionKind.Specialists : HumanDecisionKind.Nobody, Split(right)),
        Unified = new BacktestChoice("score-reached", Split(unified)),
        Legacy = new BacktestChoice(legacy.Length > 0 ? "matched" : "unmatched", Split(legacy)),
        Scores = [.. Split(unified).Select(s => new BacktestScore(s, score, score))],
        Dollars = 0.002m,
        ModelCalls = 1,
        Tokens = 800,
        DurationMs = number * 100,
    };

    private static string[] Split(string specialists) => specialists.Split('+', StringSplitOptions.RemoveEmptyEntries);
}
