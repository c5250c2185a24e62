using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>
/// Delivers announcements to people: Slack, Teams, a webhook, a GitHub issue. Delivery is at least once: duplicates with the same id are
/// allowed, losses are not.
/// </summary>
public interface IAnnouncementChannel
{
    /// <summary>What the plan's contacts call it.</summary>
    string Name { get; }

    Task<SendResult> SendAsync(Announcement announcement, CancellationToken cancellationToken);
}

/// <summary>The result of sending an announcement.</summary>
/// <param name="Problem">Display text, without the channel's address; null when it was taken.</param>
/// <param name="IsFinal">Whether trying again is pointless.</param>
public sealed record SendResult(string? Problem, bool IsFinal = false)
{
    public static SendResult Ok { get; } = new(Problem: null);
}
