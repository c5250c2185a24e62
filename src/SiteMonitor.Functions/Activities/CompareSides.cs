using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>While the rollout compares: both sides decide from the issue as the run found it, before either writes; recorded once.</summary>
public sealed class CompareSides(ActivityExecutor runner, IssueComparer comparer, IComparisonLog log)
{
    [Function(nameof(CompareSides))]
    public Task<ActivityResult<CompareSidesResult>> RunAsync([ActivityTrigger] CompareSidesInput input, CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(CompareSides), input, tracker => CompareAsync(tracker, input, cancellationToken));

    private async Task<CallResult<CompareSidesResult>> CompareAsync(IIssueTracker tracker, CompareSidesInput input, CancellationToken cancellationToken)
    {
        // What the comparison costs is shown apart from what the run itself does.
        using CallMeter beside = CallMeter.StartExtra();
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return CallResult<CompareSidesResult>.RateLimited(read.RetryAt!.Value);
        }

        CallResult<IssueComparison> compared = await comparer.CompareAsync(issue, input.Stages, cancellationToken);
        if (compared.Value is not { } comparison)
        {
            return CallResult<CompareSidesResult>.RateLimited(compared.RetryAt!.Value);
        }

        await log.AppendAsync(input.RunId, input.Phase, comparison, cancellationToken);
        return CallResult<CompareSidesResult>.Ok(new CompareSidesResult(WireName.Of(comparison.Class), comparison.Unified.DurationMs));
    }
}

/// <summary>How the sides compare.</summary>
/// <param name="Class">none, accepted or unexplained.</param>
/// <param name="UnifiedMs">How long the unified side took to decide, its model call included; 0 from a history written before this was kept.</param>
public sealed record CompareSidesResult(string Class, long UnifiedMs = 0);

/// <summary>What the comparing step is given.</summary>
/// <param name="RunId">The comparison's id: one a run, however often the step runs.</param>
/// <param name="Phase">The rollout phase the run was decided in.</param>
/// <param name="Stages">The stages the run has to do.</param>
public sealed record CompareSidesInput(string RunId, string Phase, IReadOnlyList<Stage> Stages) : ActivityInput;
