using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Reads the feature flags, once per run, to decide which logic processes the issue and whether it has anything left to do.
/// </summary>
public sealed class DecideRoute(ActivityExecutor executor, IRoutePolicy policy, HandledIssues handled, UndoExclusions undone)
{
    [Function(nameof(DecideRoute))]
    public Task<ActivityResult<DecideRouteResult>> RunAsync(
        [ActivityTrigger] DecideRouteInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(DecideRoute), input.Issue, async () =>
        {
            RouteDecision decision = await policy.DecideAsync(input.Ref, input.Labels, cancellationToken);
            decision = input.LegacyCommand.Length > 0 ? UseLegacy(decision, input.LegacyCommand) : decision;
            Refusal? refusal = input.IsAutomatic
                ? await undone.FindReasonAsync(input.Ref, input.Labels, cancellationToken)
                    ?? await handled.FindReasonAsync(
                        input.Ref, decision.For(input.FirstStage), input.InputHash, input.UpdatedAt, cancellationToken)
                : null;
            return CallResult<DecideRouteResult>.Ok(new DecideRouteResult(decision, refusal));
        });

    /// <summary>An old command always uses the legacy logic; the flags' revision and the phase are recorded as usual.</summary>
    private static RouteDecision UseLegacy(RouteDecision decision, string command) => decision with
    {
        Route = Logic.Legacy,
        Analysis = Logic.Legacy,
        Preparation = Logic.Legacy,
        Compare = false,
        Reason = $"the old command '{command}' asked for the legacy logic",
    };
}

/// <param name="Decision">What the flags say, for the whole run.</param>
/// <param name="SkipReason">Why an automatic start skips the issue; null when the run continues.</param>
public sealed record DecideRouteResult(RouteDecision Decision, [property: JsonPropertyName("Handled")] Refusal? SkipReason);

/// <param name="Labels">The issue's labels.</param>
/// <param name="FirstStage">The first stage of the run.</param>
/// <param name="InputHash">The hash of everything that a decision depends on.</param>
/// <param name="IsAutomatic">Whether nobody asked for this issue in particular: if it was handled before and has not changed, it is
/// skipped.</param>
public sealed record DecideRouteInput(IReadOnlyList<string> Labels, Stage FirstStage, string InputHash, bool IsAutomatic) : ActivityInput
{
    /// <summary>The old command that asks for the legacy logic. Empty: the flags decide.</summary>
    [JsonPropertyName("LegacyFor")]
    public string LegacyCommand { get; init; } = string.Empty;

    /// <summary>When GitHub showed that the issue had last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}
