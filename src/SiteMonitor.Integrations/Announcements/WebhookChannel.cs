using System.Text.Json.Nodes;
using SiteMonitor.Core.Announcements;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>A channel behind an incoming webhook.</summary>
/// <param name="write">The message as this kind of receiver takes it.</param>
internal sealed class WebhookChannel(string name, ChannelOptions settings, Func<Announcement, JsonObject> write, WebhookSender sender) : IAnnouncementChannel
{
    public string Name => name;

    public Task<SendResult> SendAsync(Announcement announcement, CancellationToken cancellationToken) =>
        sender.PostAsync(name, settings, announcement.Id, write(announcement), cancellationToken);
}
