namespace SiteMonitor.LocalHost.Functions.Timers;

/// <summary>The state of a timer, kept across restarts so that a missed occurrence is noticed. All times are UTC.</summary>
/// <param name="Schedule">Expression from which the times were computed.</param>
/// <param name="Last">Occurrence that ran last; null before the first.</param>
/// <param name="Next">Next occurrence.</param>
internal sealed record TimerStatus(string Schedule, DateTime? Last, DateTime Next, DateTime LastUpdated);

internal interface ITimerStatusStore
{
    Task<TimerStatus?> FindAsync(string function, CancellationToken cancellationToken);

    Task SaveAsync(string function, TimerStatus status, CancellationToken cancellationToken);
}
