using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Rollout;

public static class RolloutServiceCollectionExtensions
{
    /// <summary>Registers plan, gates, guard and operations. Needs flags, run ledger, comparison log and rollout store.</summary>
    public static IServiceCollection AddRollout(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<RolloutOptions, RolloutOptionsValidator>(configuration.GetSection(RolloutOptions.Section));
        services.TryAddSingleton(provider => PlanSource.Load(Options(provider)).Plan!);
        services.TryAddSingleton(provider => new AcceptedDifferenceRules(AcceptedDifferencesSource.Load(Options(provider)).Rules!));
        services.TryAddSingleton(provider =>
        {
            RolloutPlan plan = provider.GetRequiredService<RolloutPlan>();
            string phase = Options(provider).InitialPhase is { Length: > 0 } initial ? initial : plan.Phases[0].Name;
            return new RolloutStateRepository(
                provider.GetRequiredService<IRolloutStore>(),
                plan,
                phase,
                provider.GetRequiredService<TimeProvider>(),
                provider.GetService<SiteMonitorMetrics>());
        });
        services.TryAddSingleton<ICurrentPhase>(provider => provider.GetRequiredService<RolloutStateRepository>());
        services.TryAddSingleton<EvidenceReader>();
        services.TryAddSingleton<TransitionRunner>();
        services.TryAddSingleton<RolloutControl>();
        services.TryAddSingleton<GuardService>();
        services.TryAddSingleton<ScheduledAnnouncements>();
        services.TryAddSingleton<PostMortem>();
        services.TryAddSingleton<IncidentControl>();
        services.TryAddSingleton<Announcer>();
        services.TryAddSingleton<RolloutStatusReader>();
        services.TryAddSingleton<ForecastReader>();
        return services;
    }

    private static RolloutOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<RolloutOptions>>().Value;
}
