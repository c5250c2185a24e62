using SiteMonitor.Core.Rollout.State;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Guard;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Each minute: the guard's round, what has to be followed up, what has to be announced. One failing does not keep the others from being done.</summary>
public sealed partial class RolloutGuard(GuardService guard, ScheduledAnnouncements followUps, AnnouncementSender announcer, WorkflowSynchronizer workflows, ILogger<RolloutGuard> logger)
{
    [Function(nameof(RolloutGuard))]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        await TryAsync("guard", LookAsync, cancellationToken);
        await TryAsync("follow-ups", followUps.RunAsync, cancellationToken);
        await announcer.SendAsync(cancellationToken);
        await workflows.CatchUpAsync(AuditEntry.Guard, cancellationToken);
        Log.Done(logger, timer.IsPastDue);
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        GuardResult report = await guard.RunAsync(cancellationToken);
        if (report is { RolledBack: true, Decision: { } verdict })
        {
            Log.RolledBack(logger, verdict.Kind.ToString(), verdict.Message);
        }
        else if (report.Decision is { } would)
        {
            Log.WouldRollBack(logger, would.Kind.ToString(), would.Message);
        }

        if (report.Problem.Length > 0)
        {
            Log.FlagsNotWritten(logger, report.Problem);
        }
    }

    // A failure to measure is no failure of the pipeline: it is logged, and the next minute looks again.
    private async Task TryAsync(string what, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Failed(logger, what, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(401, LogLevel.Debug, "The guard's round is done (past due: {PastDue})")]
        public static partial void Done(ILogger logger, bool pastDue);

        [LoggerMessage(402, LogLevel.Critical, "The guard rolled back ({Kind}): {Message}")]
        public static partial void RolledBack(ILogger logger, string kind, string message);

        [LoggerMessage(403, LogLevel.Error, "Flags are not written yet: {Problem}")]
        public static partial void FlagsNotWritten(ILogger logger, string problem);

        [LoggerMessage(404, LogLevel.Critical, "The guard did not roll back, but would have ({Kind}): {Message}")]
        public static partial void WouldRollBack(ILogger logger, string kind, string message);

        [LoggerMessage(405, LogLevel.Error, "The guard's round could not do its {What}; the next one tries again")]
        public static partial void Failed(ILogger logger, string what, Exception exception);
    }
}
