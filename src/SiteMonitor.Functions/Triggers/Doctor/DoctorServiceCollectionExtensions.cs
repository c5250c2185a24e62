using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.GitHub.Doctor;

namespace SiteMonitor.Functions.Triggers.Doctor;

internal static class DoctorServiceCollectionExtensions
{
    /// <summary>Registers the doctor's checks.</summary>
    public static IServiceCollection AddDoctor(this IServiceCollection services)
    {
        // Checks wait for the network, so they use the system clock even where time is simulated.
        services.TryAddSingleton(provider => new DoctorRunner(provider.GetServices<IDoctorCheck>(), TimeProvider.System));
        services.TryAddSingleton<RepositoryCheckRunner>();
        services.TryAddSingleton<AppInstallation>();
        services.TryAddSingleton(provider => new RolloutLabels(provider.GetRequiredService<IOptions<PipelineOptions>>().Value.BetaLabels));
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IDoctorCheck, SettingsDoctorCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, SignInCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, AppCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, ClockCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, RepositoryCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, CopilotCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, LabelCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, WebhookCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, FlagsDoctorCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, StorageDoctorCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, ModelDoctorCheck>(),
            ServiceDescriptor.Singleton<IDoctorCheck, AnnouncementsDoctorCheck>(),
        ]);
        return services;
    }
}
