using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout;
using SiteMonitor.Functions.Starting;

namespace SiteMonitor.Functions.Hosting;

/// <summary>A timer that is switched on and has no repository to work on takes up nothing, whatever the webhook misses.</summary>
internal sealed class TimerProbe(IRoutePolicy policy, RepositoryScope scope) : IHealthProbe
{
    private const string Name = "timer";

    public async Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        if (scope.Configured.Count > 0)
        {
            return new HealthEntry(Name, HealthReport.Ok, "It has repositories to work on.");
        }

        TriggerDecision may = await policy.MayStartAsync(AutomaticTrigger.Timer, cancellationToken);
        return may.MayStart
            ? new HealthEntry(Name, HealthReport.Degraded, "The timer is switched on and starts nothing, because GitHub:Repositories is empty: name the repositories it shall work on.")
            : new HealthEntry(Name, HealthReport.Ok, "It is switched off.");
    }
}
