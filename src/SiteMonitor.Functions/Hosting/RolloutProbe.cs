using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Hosting;

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
