using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.GitHub.Pacing;

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

/// <summary>Checks that requests to GitHub are paced together with the other processes.</summary>
internal sealed class PacingProbe(PacingHealth pacing) : IHealthProbe
{
    public Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(
        pacing.Problem is { } problem
            ? new HealthEntry("pacing", HealthReport.Degraded, problem)
            : new HealthEntry("pacing", HealthReport.Ok, "Requests to GitHub are paced for all processes together."));
}

/// <summary>Checks one thing that the application depends on, for <c>GET health</c>. Must be quick.</summary>
public interface IHealthProbe
{
    Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken);
}

/// <summary>Checks that the rollout can be read, that the plan has its phase, and that the guard runs.</summary>
internal sealed class RolloutProbe(RolloutStateRepository states, TimeProvider time) : IHealthProbe
{
    private const string Name = "rollout";

    public async Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        if (states.Plan.Find(state.Phase) is null)
        {
            return new HealthEntry(Name, HealthReport.Degraded, OperationContext.DescribeUnknownPhase(state.Phase));
        }

        string problem = GuardLiveness.Problem(state, time.GetUtcNow());
        HealthEntry entry = problem.Length > 0
            ? new HealthEntry(Name, HealthReport.Degraded, problem)
            : new HealthEntry(Name, HealthReport.Ok,
                $"Phase {state.Phase}; the guard {(state.GuardRoundAt is { } at ? $"last ran at {at:u}" : "has not run yet")}.");
        return state.RolledBack is { } rollback
            ? entry with
            {
                Detail = $"{entry.Detail} Rolled back since {rollback.At:u} ({rollback.Title}).",
                Next = "the rollout is rolled back; see why and how to resume: sitemonitor rollout status",
            }
            : entry;
    }
}

/// <summary>Checks that a timer which is switched on has repositories: without any, it starts nothing that the webhook missed.</summary>
internal sealed class TimerProbe(IRoutePolicy policy, RepositoryScope scope) : IHealthProbe
{
    private const string Name = "timer";

    public async Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        if (scope.Configured.Count > 0)
        {
            return new HealthEntry(Name, HealthReport.Ok, "It has repositories.");
        }

        TriggerDecision decision = await policy.MayStartAsync(AutomaticTrigger.Timer, cancellationToken);
        return decision.MayStart
            ? new HealthEntry(Name, HealthReport.Degraded,
                "It is switched on but starts nothing, because GitHub:Repositories is empty: list the repositories there.")
            : new HealthEntry(Name, HealthReport.Ok, "It is switched off.");
    }
}
