using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Rollout;
using SiteMonitor.LocalHost.Functions.Timers;
using SiteMonitor.Sandbox;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Advances a simulated clock while the application follows: the guard runs, and heartbeats fill the skipped time.</summary>
/// <param name="whenIdle">Completes when no run is being processed.</param>
internal sealed class ClockAdvancer(SimulatedClock clock, IServiceProvider services, Func<CancellationToken, Task> whenIdle)
{
    /// <summary>Interval of the batch timer, so that no batch is skipped.</summary>
    public static readonly TimeSpan BatchInterval = TimeSpan.FromHours(4);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan GuardTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Advances to the guard's next minute after <paramref name="span"/>.</summary>
    /// <param name="maxStep">Longest jump; after each one the application is idle again.</param>
    public async Task AdvanceAsync(TimeSpan span, TimeSpan maxStep, CancellationToken cancellationToken)
    {
        DateTimeOffset target = clock.GetUtcNow() + span;
        DateTimeOffset reached;
        do
        {
            // A run in progress would seem to take as long as the clock jumps.
            await whenIdle(cancellationToken);
            DateTimeOffset from = clock.GetUtcNow();
            DateTimeOffset next = from + (target - from < maxStep ? target - from : maxStep);
            reached = new DateTimeOffset(next.UtcTicks - (next.UtcTicks % TimeSpan.TicksPerMinute), TimeSpan.Zero).AddMinutes(1);
            clock.Advance(reached - from);
            await WaitForGuardAsync(reached, cancellationToken);
            await RecordHeartbeatsAsync(from, reached, cancellationToken);
        }
        while (reached < target);

        await whenIdle(cancellationToken);
    }

    private async Task WaitForGuardAsync(DateTimeOffset minute, CancellationToken cancellationToken)
    {
        ITimerStatusStore timers = services.GetRequiredService<ITimerStatusStore>();
        long started = TimeProvider.System.GetTimestamp();
        while (await timers.FindAsync(nameof(RolloutGuard), cancellationToken) is not { } status || status.LastUpdated < minute.UtcDateTime)
        {
            if (TimeProvider.System.GetElapsedTime(started) > GuardTimeout)
            {
                throw new TimeoutException(
                    $"The timer {nameof(RolloutGuard)} has not run for {GuardTimeout.TotalSeconds:0} s; is it disabled?");
            }

            await Task.Delay(PollInterval, TimeProvider.System, cancellationToken);
        }
    }

    // The host is up in simulated time, although the jump skips its timer.
    private async Task RecordHeartbeatsAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        IRunLedger ledger = services.GetRequiredService<IRunLedger>();
        string phase = await services.GetRequiredService<ICurrentPhase>().GetNameAsync(cancellationToken);
        for (DateTimeOffset at = from + Heartbeats.Interval; at < to; at += Heartbeats.Interval)
        {
            await ledger.AppendAsync(Heartbeats.Create(at, phase), cancellationToken);
        }

        // The heartbeat timer may run only after the next jump.
        await ledger.AppendAsync(Heartbeats.Create(to, phase), cancellationToken);
    }
}
