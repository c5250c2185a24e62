using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Announcements;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Announcements;

public static class AnnouncementsRegistration
{
    /// <summary>Adds the channels of the settings <c>Announcements:…</c>, checked when the host starts, and the announcer that uses them.</summary>
    public static IServiceCollection AddAnnouncements(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<AnnouncementsOptions>()
            .Configure(options => SettingsBinder.Bind(configuration.GetSection(AnnouncementsOptions.Section), options))
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AnnouncementsOptions>, AnnouncementsOptionsValidator>());
        services.TryAddSingleton<WebhookSender>();
        services.TryAddSingleton<AnnouncementChannels>();
        services.TryAddSingleton(provider => new Announcer(
            provider.GetRequiredService<RolloutStates>(),
            [.. provider.GetServices<IAnnouncementChannel>(), .. provider.GetRequiredService<AnnouncementChannels>()],
            provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
