using System.Collections;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Announcements;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>The channels of the settings.</summary>
internal sealed class AnnouncementChannels(IOptions<AnnouncementsOptions> options, WebhookSender sender, IServiceProvider services) : IEnumerable<IAnnouncementChannel>
{
    private readonly IReadOnlyList<IAnnouncementChannel> _channels = [.. options.Value.Channels.Select(c => Create(c.Key, c.Value, sender, services))];

    public IEnumerator<IAnnouncementChannel> GetEnumerator() => _channels.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IAnnouncementChannel Create(string name, ChannelOptions settings, WebhookSender sender, IServiceProvider services) => ChannelKinds.Of(name, settings) switch
    {
        ChannelKinds.Slack => new WebhookChannel(name, settings, SlackMessage.Write, sender),
        ChannelKinds.Teams => new WebhookChannel(name, settings, TeamsMessage.Write, sender),
        ChannelKinds.Issue => new IssueChannel(name, IssueRef.Parse(settings.Issue), (GitHubConnections)services.GetService(typeof(GitHubConnections))!),
        _ => new WebhookChannel(name, settings, WebhookMessage.Write, sender),
    };
}
