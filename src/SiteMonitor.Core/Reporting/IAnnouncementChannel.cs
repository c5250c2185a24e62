using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>
/// A way to people: Slack, Teams, a webhook, an issue in the repository. Sending twice what has the same id is allowed, never sending is
/// not.
/// </summary>
public interface IAnnouncementChannel
{
    /// <summary>What the plan's contacts call it.</summary>
    string Name { get; }

    Task<SendResult> SendAsync(Announcement announcement, CancellationToken cancellationToken);
}

/// <summary>What came of sending an announcement.</summary>
/// <param name="Problem">Display text, without the channel's address; null when it was taken.</param>
/// <param name="IsFinal">Whether trying again is pointless.</param>
public sealed record SendResult(string? Problem, bool IsFinal = false)
{
    public static SendResult Ok { get; } = new(Problem: null);
}
