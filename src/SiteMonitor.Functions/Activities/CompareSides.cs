using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Metering;
using SiteMonitor.Functions.Comparing;

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
