using SiteMonitor.Core.Forecast;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Adds to the dry run of an advance what it would mean for existing issues, and the forecast of the next gate.</summary>
public sealed class AdvancePreview(RolloutStateRepository states, BlastRadiusReader radius, ForecastReader forecast)
{
    public async Task<OperationResult> AddAsync(OperationResult plan, CancellationToken cancellationToken)
    {
        if (states.Plan.After(plan.Phase) is not { } next)
        {
            return plan;
        }

        BlastRadius issues = await radius.ReadAsync(next, cancellationToken);
        double perDay = next.Flags.Timer ? issues.Written / (double)Math.Max(1, issues.Days ?? int.MaxValue) : 0;
        return new AdvancePlan(plan, issues, await forecast.ReadNextAsync(next, perDay, cancellationToken));
    }
}
