using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>An announcement. It stays in the rollout's state until every channel has received it.</summary>
public sealed record Announcement
{
    /// <summary>Unique and the same on every try, so that a receiver can tell a repetition.</summary>
    public required string Id { get; init; }

    /// <summary>One of <see cref="Topics"/>.</summary>
    public required string Topic { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string Phase { get; init; }

    public required string Title { get; init; }

    public IReadOnlyList<string> Lines { get; init; } = [];

    public string? IncidentId { get; init; }

    /// <summary>Only to this contact of the escalation; null for everybody the topic concerns.</summary>
    public string? Contact { get; init; }

    /// <summary>Channels that have it already.</summary>
    public IReadOnlyList<string> Delivered { get; init; } = [];

    public int Tries { get; init; }

    public DateTimeOffset? NextTry { get; init; }
}
