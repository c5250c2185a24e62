using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Guard;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Runs the guard and logs its result: each minute, and at once after a run that may make a signal fire.</summary>
public sealed partial class GuardRunner(GuardService guard, ILogger<GuardRunner> logger) : IRunRecordObserver
{
    private int _requests;

    public async Task RunAsync(CancellationToken cancellationToken)
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

    /// <summary>
    /// Runs the guard after a run that did not succeed; a good run only lowers a signal, and waits for the next minute.
    /// Concurrent calls share one evaluation, followed by one more for calls that arrived during it. The next minute retries a failure.
    /// </summary>
    public async Task OnRecordedAsync(RunRecord record, CancellationToken cancellationToken)
    {
        if (record.Kind == RunKind.Comparison
            || record.Outcome is not (RunOutcome.Failed or RunOutcome.Critical or RunOutcome.Waiting)
            || Interlocked.Increment(ref _requests) > 1)
        {
            return;
        }

        int seen = 1;
        try
        {
            do
            {
                seen = Volatile.Read(ref _requests);
                await RunAsync(cancellationToken);
            }
            while (Interlocked.CompareExchange(ref _requests, 0, seen) != seen);
        }
        catch (Exception exception)
        {
            Interlocked.Exchange(ref _requests, 0);
            if (exception is OperationCanceledException)
            {
                throw;
            }

            Log.NotEvaluated(logger, record.RunId, exception);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(402, LogLevel.Critical, "The guard rolled back ({Kind}): {Message}")]
        public static partial void RolledBack(ILogger logger, string kind, string message);

        [LoggerMessage(403, LogLevel.Error, "Flags are not written yet: {Problem}")]
        public static partial void FlagsNotWritten(ILogger logger, string problem);

        [LoggerMessage(404, LogLevel.Critical, "The guard would have rolled back ({Kind}), but automatic rollback is off: {Message}")]
        public static partial void RollbackSwitchedOff(ILogger logger, string kind, string message);

        [LoggerMessage(409, LogLevel.Warning, "The guard could not evaluate run {RunId} immediately; it is evaluated within a minute")]
        public static partial void NotEvaluated(ILogger logger, string runId, Exception exception);
    }
}
