using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>An incident from its opening to its resolution.</summary>
public sealed record Incident
{
    /// <summary><c>INC-1</c>, <c>INC-2</c>, …</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Phase { get; init; }

    public required DateTimeOffset Opened { get; init; }

    public required string OpenedBy { get; init; }

    /// <summary>What made the guard open it without rolling back; empty for every other incident.</summary>
    [JsonPropertyName("trigger")] public string Signal { get; init; } = string.Empty;

    public DateTimeOffset? Acknowledged { get; init; }

    public string? AcknowledgedBy { get; init; }

    /// <summary>How many contacts of the escalation have been told.</summary>
    public int Escalated { get; init; } = 1;

    /// <summary>When everybody was last told about it; telling one contact of the escalation is not that.</summary>
    [JsonPropertyName("lastTold")] public required DateTimeOffset LastAnnounced { get; init; }

    public IReadOnlyList<IncidentNote> Notes { get; init; } = [];

    public DateTimeOffset? Resolved { get; init; }

    public string? ResolvedBy { get; init; }

    public bool IsOpen => Resolved is null;
}

/// <summary>What was said about an incident, when and by whom.</summary>
public sealed record IncidentNote(DateTimeOffset At, string By, string Text);
