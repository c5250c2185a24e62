using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Functions.Runs;

/// <summary>What a run of <see cref="Redelivery"/> is started with.</summary>
public sealed record RedeliveryInput
{
    public const int CurrentVersion = 1;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>Canonical <c>owner/name#12</c>.</summary>
    public required string Issue { get; init; }

    /// <summary>GitHub's delivery id.</summary>
    public required string RequestId { get; init; }

    public required WorkKind Work { get; init; }

    /// <summary>When the delivery came in (UTC): a run that began after this has seen what the delivery tells of.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }
}

/// <summary>What a delivery wants done with an issue. Numbers stand in histories: add at the end only.</summary>
public enum WorkKind
{
    Pipeline,
    CompletionByMerge,
    CompletionByClosing,
}
