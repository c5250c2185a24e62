using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Runs;

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

/// <param name="Decision">The flags, read once for the whole run.</param>
/// <param name="SkipReason">Why an automatic start leaves the issue alone; null when it goes on.</param>
public sealed record DecideRouteResult(RouteDecision Decision, [property: JsonPropertyName("Handled")] Refusal? SkipReason);

/// <param name="Labels">The issue's labels.</param>
/// <param name="FirstStage">The stage the run begins with.</param>
/// <param name="InputHash">Over what a decision depends on.</param>
/// <param name="IsAutomatic">Nobody asked for this very issue: what was handled before and has not changed is left alone.</param>
public sealed record DecideRouteInput(IReadOnlyList<string> Labels, Stage FirstStage, string InputHash, bool IsAutomatic) : ActivityInput
{
    /// <summary>The old command that asks for the legacy logic; empty: the flags decide.</summary>
    public string LegacyFor { get; init; } = string.Empty;
}
