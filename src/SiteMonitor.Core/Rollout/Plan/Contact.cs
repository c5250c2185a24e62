namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>Somebody who is told things. The channel's address is a setting (<c>Announcements:Channels:{channel}</c>), since it is a secret.</summary>
public sealed record Contact
{
    public required string Name { get; init; }

    /// <summary>Names of configured channels: <c>slack</c>, <c>teams</c>, <c>status-page</c>, <c>issue</c>.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>Topics of announcements; <c>*</c> for all.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The order in which incidents go from one to the next, 1 first; null: not asked to acknowledge.</summary>
    public int? Escalation { get; init; }
}
