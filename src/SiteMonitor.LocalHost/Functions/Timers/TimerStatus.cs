namespace SiteMonitor.LocalHost.Functions.Timers;

/// <summary>Where a timer stands, kept across restarts so that a missed occurrence is noticed. All times UTC.</summary>
/// <param name="Schedule">The expression these times were computed from.</param>
/// <param name="Last">The occurrence that ran last; null before the first.</param>
/// <param name="Next">The occurrence due next.</param>
internal sealed record TimerStatus(string Schedule, DateTime? Last, DateTime Next, DateTime LastUpdated);

internal interface ITimerStatusStore
{
    Task<TimerStatus?> FindAsync(string function, CancellationToken cancellationToken);

    Task SaveAsync(string function, TimerStatus status, CancellationToken cancellationToken);
}
