using Microsoft.Extensions.Hosting;

namespace SiteMonitor.LocalHost.Functions.Timers;

/// <summary>Runs every timer function, each on its own schedule, while the host runs.</summary>
internal sealed class TimerDispatcher(IReadOnlyList<TimerFunction> timers) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(timers.Select(t => t.RunAsync(stoppingToken)));
}
