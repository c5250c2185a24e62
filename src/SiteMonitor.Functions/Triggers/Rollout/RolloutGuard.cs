using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>
/// Each minute, runs the guard, scheduled announcements, the outbox and the workflow switches. A failure of one does not prevent the
/// others.
/// </summary>
public sealed partial class RolloutGuard(
    GuardService guard,
    ScheduledAnnouncements scheduled,
    AnnouncementSender announcer,
    WorkflowSynchronizer workflows,
    ILogger<RolloutGuard> logger)
{
    [Function(nameof(RolloutGuard))]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await TryAsync("guard", RunGuardAsync, cancellationToken);
        await TryAsync("scheduled announcements", scheduled.RunAsync, cancellationToken);
        await announcer.SendAsync(cancellationToken);
        await workflows.ReconcileAsync(AuditEntry.Guard, cancellationToken);
        Log.Completed(logger, timer.IsPastDue);
    }

    private async Task RunGuardAsync(CancellationToken cancellationToken)
    {
        GuardResult result = await guard.RunAsync(cancellationToken);
        if (result is { RolledBack: true, Decision: { } decision })
        {
            Log.RolledBack(logger, decision.Kind.ToString(), decision.Message);
        }
        else if (result.Decision is { } prevented)
        {
            Log.RollbackSwitchedOff(logger, prevented.Kind.ToString(), prevented.Message);
        }

        if (result.Problem.Length > 0)
        {
            Log.FlagsNotWritten(logger, result.Problem);
        }
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
        [LoggerMessage(401, LogLevel.Debug, "The guard's minute is done (past due: {PastDue})")]
        public static partial void Completed(ILogger logger, bool pastDue);

        [LoggerMessage(402, LogLevel.Critical, "The guard rolled back ({Kind}): {Message}")]
        public static partial void RolledBack(ILogger logger, string kind, string message);

        [LoggerMessage(403, LogLevel.Error, "Flags are not written yet: {Problem}")]
        public static partial void FlagsNotWritten(ILogger logger, string problem);

        [LoggerMessage(404, LogLevel.Critical, "The guard did not roll back, but would have ({Kind}): {Message}")]
        public static partial void RollbackSwitchedOff(ILogger logger, string kind, string message);

        [LoggerMessage(405, LogLevel.Error, "The guard's minute could not run: {Task}; the next one tries again")]
        public static partial void Failed(ILogger logger, string task, Exception exception);
    }
}
