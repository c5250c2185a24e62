using System.Collections;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Announcements;

public static class AnnouncementsServiceCollectionExtensions
{
    /// <summary>Adds the announcer and the channels of the settings <c>Announcements:…</c>, checked at host start.</summary>
    public static IServiceCollection AddAnnouncements(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AnnouncementsOptions, AnnouncementsOptionsValidator>(configuration.GetSection(AnnouncementsOptions.Section));
        services.AddCircuitBreakers(configuration);
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<AnnouncementChannels>();
        services.TryAddSingleton(provider => new Announcer(
            provider.GetRequiredService<RolloutStateRepository>(),
            [.. provider.GetServices<IAnnouncementChannel>(), .. provider.GetRequiredService<AnnouncementChannels>()],
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}

/// <summary>Creates the channels of the settings.</summary>
internal sealed class AnnouncementChannels(
    IOptions<AnnouncementsOptions> options, WebhookSender sender, IServiceProvider services) : IEnumerable<IAnnouncementChannel>
{
    private readonly IReadOnlyList<IAnnouncementChannel> _channels =
        [.. options.Value.Channels.Select(c => Create(c.Key, c.Value, sender, services))];

    public IEnumerator<IAnnouncementChannel> GetEnumerator() => _channels.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IAnnouncementChannel Create(string name, ChannelOptions settings, WebhookSender sender, IServiceProvider services) =>
        ChannelKinds.Of(name, settings) switch
    {
        ChannelKinds.Slack => new WebhookChannel(name, ChannelKinds.Slack, settings, SlackMessage.Write, sender),
        ChannelKinds.Teams => new WebhookChannel(name, ChannelKinds.Teams, settings, TeamsMessage.Write, sender),
        ChannelKinds.Issue =>
            new IssueChannel(name, IssueRef.Parse(settings.Issue), (GitHubConnections)services.GetService(typeof(GitHubConnections))!),
        _ => new WebhookChannel(name, ChannelKinds.Webhook, settings, WebhookMessage.Write, sender),
    };
}
