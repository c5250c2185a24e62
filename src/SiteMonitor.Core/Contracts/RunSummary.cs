using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Contracts;

/// <summary>A ledger record as routes return it.</summary>
public sealed record RunSummary
{
    public required string RunId { get; init; }

    public required string Kind { get; init; }

    public required string Issue { get; init; }

    public required string Trigger { get; init; }

    public required string RequestedStage { get; init; }

    public required string Outcome { get; init; }

    public required string ReasonCode { get; init; }

    public required string Reason { get; init; }

    /// <summary><c>unified</c> or <c>legacy</c>; empty when the flags were not asked.</summary>
    public required string Route { get; init; }

    public required string RouteReason { get; init; }

    public required string FlagsRevision { get; init; }

    /// <summary>The rollout phase the run was in.</summary>
    public required string Phase { get; init; }

    public required IReadOnlyList<string> Specialists { get; init; }

    public required int GitHubReads { get; init; }

    public required int GitHubWrites { get; init; }

    /// <summary>Requests beyond the regular ones: retries, fallbacks, labels created.</summary>
    public required int GitHubExtra { get; init; }

    public required int ModelCalls { get; init; }

    public required int Tokens { get; init; }

    public required decimal Dollars { get; init; }

    public required int CacheHits { get; init; }

    public required long DurationMs { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required DateTimeOffset Ended { get; init; }

    public static RunSummary From(RunRecord record) => new()
    {
        RunId = record.RunId,
        Kind = WireName.Of(record.Kind),
        Issue = record.Issue,
        Trigger = record.Trigger,
        RequestedStage = record.RequestedStage,
        Outcome = WireName.Of(record.Outcome),
        ReasonCode = record.ReasonCode,
        Reason = record.Reason,
        Route = record.Route is { } route ? WireName.Of(route) : string.Empty,
        RouteReason = record.RouteReason,
        FlagsRevision = record.FlagsRevision,
        Phase = record.Phase,
        Specialists = record.Specialists,
        GitHubReads = record.Usage.GitHubReads,
        GitHubWrites = record.Usage.GitHubWrites,
        GitHubExtra = record.Usage.GitHubExtra,
        ModelCalls = record.Usage.ModelCalls,
        Tokens = record.Usage.PromptTokens + record.Usage.CompletionTokens,
        Dollars = record.Usage.Dollars,
        CacheHits = record.Usage.CacheHits,
        DurationMs = record.DurationMs,
        Started = record.Started,
        Ended = record.Ended,
    };
}
