using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout;
using SiteMonitor.Functions.Starting;

namespace SiteMonitor.Functions.Activities;

/// <summary>Reads the feature flags, once a run: which logic works on the issue, and whether there is anything left for it to do.</summary>
public sealed class DecideRoute(ActivityExecutor runner, IRoutePolicy policy, HandledIssues handled)
{
    [Function(nameof(DecideRoute))]
    public Task<ActivityResult<DecideRouteResult>> RunAsync([ActivityTrigger] DecideRouteInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(DecideRoute), input.Issue, async () =>
        {
            RouteDecision decision = await policy.DecideAsync(input.Ref, input.Labels, cancellationToken);
            decision = input.LegacyFor.Length > 0 ? Legacy(decision, input.LegacyFor) : decision;
            Refusal? refusal = input.IsAutomatic
                ? await handled.FindAsync(input.Ref, decision.For(input.FirstStage), input.InputHash, cancellationToken)
                : null;
            return CallResult<DecideRouteResult>.Ok(new DecideRouteResult(decision, refusal));
        });

    /// <summary>An old command does what it always did; the flags' revision and the phase are noted all the same.</summary>
    private static RouteDecision Legacy(RouteDecision flags, string command) => flags with
    {
        Route = Logic.Legacy,
        Analysis = Logic.Legacy,
        Preparation = Logic.Legacy,
        Compare = false,
        Reason = $"the old command '{command}' asked for the legacy logic",
    };
}
