using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Health;

internal sealed class FlagsProbe(FlagSource source) : IHealthProbe
{
    public async Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        await source.CurrentAsync(cancellationToken);
        FlagHealth health = source.Health;
        return health.IsHealthy
            ? new HealthEntry("flags", HealthReport.Ok, $"{health.Store}, revision {health.Revision}, read at {health.ReadAt:u}.")
            : new HealthEntry("flags", HealthReport.Degraded, string.Join(" ", health.Problems));
    }
}

/// <summary>Looks at one thing the application depends on, for <c>GET health</c>: quickly, and without throwing.</summary>
public interface IHealthProbe
{
    Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Whether the rollout can be read, its phase is one of the plan's, and somebody watches.</summary>
internal sealed class RolloutProbe(RolloutStates states, TimeProvider time) : IHealthProbe
{
    private const string Name = "rollout";

    public async Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        if (states.Plan.Find(state.Phase) is null)
        {
            return new HealthEntry(Name, HealthReport.Degraded, OperationContext.DescribeUnknownPhase(state.Phase));
        }

        string silence = GuardLiveness.Problem(state, time.GetUtcNow());
        return silence.Length > 0
            ? new HealthEntry(Name, HealthReport.Degraded, silence)
            : new HealthEntry(Name, HealthReport.Ok, $"Phase {state.Phase}; the guard's last round {(state.GuardRoundAt is { } at ? $"was at {at:u}" : "is still to come")}.");
    }
}

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
