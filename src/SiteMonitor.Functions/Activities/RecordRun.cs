using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Activities;

/// <summary>Writes a run's record to the ledger. Repeated calls write it once.</summary>
public sealed class RecordRun(ActivityExecutor executor, RunRecorder recorder, UsageLimiter limiter)
{
    [Function(nameof(RecordRun))]
    public Task<ActivityResult<RecordRunResult>> RunAsync([ActivityTrigger] RunRecord input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(RecordRun), input.Issue, async () =>
        {
            Activity.Current?.SetTag("sitemonitor.run.id", input.RunId)
                .SetTag("sitemonitor.run.outcome", WireName.Of(input.Outcome))
                .SetTag("sitemonitor.run.route", input.Route is { } route ? WireName.Of(route) : "none")
                .SetTag("sitemonitor.run.phase", input.Phase);
            await recorder.AppendAsync(input, cancellationToken);
            await limiter.CompleteAsync(input, cancellationToken);
            return CallResult<RecordRunResult>.Ok(new RecordRunResult(input.RunId));
        });
}

/// <summary>The record is in the ledger.</summary>
public sealed record RecordRunResult(string RunId);
