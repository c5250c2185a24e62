using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.GitHub.Doctor;

namespace SiteMonitor.Functions.Triggers.Doctor;

internal static class DoctorServiceCollectionExtensions
{
    /// <summary>A new check is a file beside these and a line here.</summary>
    public static IServiceCollection AddDoctor(this IServiceCollection services)
    {
        // A check waits for the network, which knows no simulated time.
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
        ]);
        return services;
    }
}
