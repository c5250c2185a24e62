namespace SiteMonitor.Core.Announcements;

/// <summary>A way to people: Slack, Teams, a webhook, an issue in the repository. Sending twice what has the same id is allowed, never sending is not.</summary>
public interface IAnnouncementChannel
{
    /// <summary>What the plan's contacts call it.</summary>
    string Name { get; }

    Task<SendResult> SendAsync(Announcement announcement, CancellationToken cancellationToken);
}
