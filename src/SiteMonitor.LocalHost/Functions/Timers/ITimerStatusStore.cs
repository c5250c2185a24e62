namespace SiteMonitor.LocalHost.Functions.Timers;

internal interface ITimerStatusStore
{
    Task<TimerStatus?> FindAsync(string function, CancellationToken cancellationToken);

    Task SaveAsync(string function, TimerStatus status, CancellationToken cancellationToken);
}
