using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>Writes a heartbeat to the ledger every quarter of an hour. Uptime is measured by these.</summary>
public sealed class Heartbeat(RunRecorder recorder, ICurrentPhase phase, TimeProvider time)
{
    [Function(nameof(Heartbeat))]
    public async Task RunAsync([TimerTrigger("0 */15 * * * *")] TimerInfo timer, CancellationToken cancellationToken) =>
        await recorder.AppendAsync(Heartbeats.Create(time.GetUtcNow(), await phase.GetNameAsync(cancellationToken)), cancellationToken);
}
