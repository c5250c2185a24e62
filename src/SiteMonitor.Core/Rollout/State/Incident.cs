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

    /// <summary>The guard's signal that opened it without a rollback; empty for every other incident.</summary>
    [JsonPropertyName("trigger")]
    public string Signal { get; init; } = string.Empty;

    public DateTimeOffset? Acknowledged { get; init; }

    public string? AcknowledgedBy { get; init; }

    /// <summary>How many contacts of the escalation have been told.</summary>
    public int Escalated { get; init; } = 1;

    /// <summary>When it was last announced to everybody; an escalation to one contact does not count.</summary>
    [JsonPropertyName("lastTold")]
    public required DateTimeOffset LastAnnounced { get; init; }

    public IReadOnlyList<IncidentNote> Notes { get; init; } = [];

    public DateTimeOffset? Resolved { get; init; }

    public string? ResolvedBy { get; init; }

    /// <summary>Whether it concerns security; counted by the report.</summary>
    public bool IsSecurity { get; init; }

    /// <summary>Whether issue authors can cause it; once resolved, it does not keep a gate closed.</summary>
    public bool IsCausedByAuthors { get; init; }

    /// <summary>When its post-mortem and follow-ups were done; null before.</summary>
    public DateTimeOffset? FollowedUp { get; init; }

    /// <summary>Whether a gate that counts incidents since a time counts this one; one that is open counts always.</summary>
    public bool CountsSince(DateTimeOffset evidenceFrom) => !IsCausedByAuthors && (IsOpen || Opened >= evidenceFrom);

    public bool IsOpen => Resolved is null;
}

/// <summary>A note on an incident.</summary>
public sealed record IncidentNote(DateTimeOffset At, string By, string Text);
