using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>Lets both sides decide on the issue as the run found it, before either writes, and records the difference once.</summary>
public sealed class CompareSides(ActivityExecutor executor, IssueComparer comparer, IComparisonLog log)
{
    [Function(nameof(CompareSides))]
    public Task<ActivityResult<CompareSidesResult>> RunAsync(
        [ActivityTrigger] CompareSidesInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(CompareSides), input, tracker => CompareAsync(tracker, input, cancellationToken));

    private async Task<CallResult<CompareSidesResult>> CompareAsync(
        IIssueTracker tracker, CompareSidesInput input, CancellationToken cancellationToken)
    {
        // The cost of the comparison is shown separately from the run's own.
        using CallMeter extra = CallMeter.StartExtra();
        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsRateLimited<IssueSnapshot, CompareSidesResult>();
        }

        CallResult<IssueComparison> compared = await comparer.CompareAsync(issue, input.Stages, cancellationToken);
        if (compared.Value is not { } comparison)
        {
            return compared.AsRateLimited<IssueComparison, CompareSidesResult>();
        }

        await log.AppendAsync(input.RunId, input.Phase, comparison, cancellationToken);
        return CallResult<CompareSidesResult>.Ok(new CompareSidesResult(WireName.Of(comparison.Class), comparison.Unified.DurationMs));
    }
}

/// <summary>How the two sides' decisions differ.</summary>
/// <param name="Class">none, accepted or unexplained.</param>
/// <param name="UnifiedMs">Milliseconds that the unified side took to decide, including its model call; 0 when unknown.</param>
public sealed record CompareSidesResult(string Class, long UnifiedMs = 0);

/// <param name="RunId">Identifies the comparison, however many times the activity runs.</param>
/// <param name="Phase">The rollout phase of the run's route decision.</param>
/// <param name="Stages">The stages of the run.</param>
public sealed record CompareSidesInput(string RunId, string Phase, IReadOnlyList<Stage> Stages) : ActivityInput;
