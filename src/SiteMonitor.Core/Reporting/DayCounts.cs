using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Reporting;

/// <summary>Counts a day's records by the labels of the exported metrics.</summary>
internal static class DailyCounts
{
    public static IReadOnlyList<DailyCount> Runs(IEnumerable<RunRecord> today) =>
    [
        .. today.Where(r => r.Kind is RunKind.Run or RunKind.Completion)
            .GroupBy(r => (Kind: WireName.Of(r.Kind), Outcome: WireName.Of(r.Outcome), Route: r.Route is { } route ? WireName.Of(route) : "none", r.Phase))
            .OrderBy(g => g.Key)
            .Select(g => new DailyCount([("kind", g.Key.Kind), ("outcome", g.Key.Outcome), ("route", g.Key.Route), ("phase", g.Key.Phase)], g.Count())),
    ];

    public static IReadOnlyList<DailyCount> GitHubCalls(IReadOnlyList<RunRecord> today) =>
    [
        new([("kind", "read")], today.Sum(r => (long)r.Usage.GitHubReads)),
        new([("kind", "write")], today.Sum(r => (long)r.Usage.GitHubWrites)),
        new([("kind", "extra")], today.Sum(r => (long)r.Usage.GitHubExtra)),
    ];

    public static IReadOnlyList<DailyCount> Tokens(IReadOnlyList<RunRecord> today) =>
    [
        new([("kind", "prompt")], today.Sum(r => (long)r.Usage.PromptTokens)),
        new([("kind", "completion")], today.Sum(r => (long)r.Usage.CompletionTokens)),
    ];

    public static IReadOnlyList<DailyCount> CacheHits(IReadOnlyList<RunRecord> today) => [new([], today.Sum(r => (long)r.Usage.CacheHits))];

    public static IReadOnlyList<DailyCount> Commands(IEnumerable<RunRecord> today) =>
    [
        .. today.Where(r => r.Kind == RunKind.Command)
            .GroupBy(r => (Command: r.RequestedStage, Mode: r.ReasonCode))
            .OrderBy(g => g.Key)
            .Select(g => new DailyCount([("command", g.Key.Command), ("mode", g.Key.Mode)], g.Count())),
    ];
}
