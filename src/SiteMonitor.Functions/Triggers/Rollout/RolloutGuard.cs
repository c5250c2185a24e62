using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>
/// Each minute, runs the guard, scheduled announcements, the outbox and the workflow switches. A failure of one does not prevent the
/// others.
/// </summary>
public sealed partial class RolloutGuard(
    GuardRunner guard,
    ScheduledAnnouncements scheduled,
    AnnouncementSender announcer,
    WorkflowSynchronizer workflows,
    ILogger<RolloutGuard> logger)
{
    [Function(nameof(RolloutGuard))]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await TryAsync("guard", guard.RunAsync, cancellationToken);
        await TryAsync("scheduled announcements", scheduled.RunAsync, cancellationToken);
        await announcer.SendAsync(cancellationToken);
        await workflows.ReconcileAsync(AuditEntry.Guard, cancellationToken);
        Log.Completed(logger, timer.IsPastDue);
    }

    private async Task TryAsync(string task, Func<CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A failure to measure is not a failure of the pipeline: the next minute tries again.
            Log.Failed(logger, task, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Debug, "The guard's timer run completed (past due: {PastDue})")]
        public static partial void Completed(ILogger logger, bool pastDue);

        [LoggerMessage(405, LogLevel.Error, "The guard's timer run failed: {Task}; it is retried in a minute")]
        public static partial void Failed(ILogger logger, string task, Exception exception);
    }
}
