using DurableTask.Sqlite.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Sandbox;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Simulated time of an application: it jumps from one durable timer to the next, and only while nothing is being done.</summary>
internal sealed class OutageClock
{
    private readonly SimulatedClock _clock = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public DateTimeOffset Now => _clock.GetUtcNow();

    public void AddTo(IServiceCollection services) => services.AddSingleton<TimeProvider>(_clock);

    /// <summary>Lets a span pass.</summary>
    public async Task PassAsync(PipelineApp app, TimeSpan span)
    {
        DateTimeOffset end = Now + span;
        EmbeddedTaskHub hub = await SettleAsync(app);
        while (hub.NextTimer is { } next && next < end)
        {
            Advance(next);
            await SettleAsync(app);
        }

        Advance(end);
    }

    /// <summary>Lets time pass until no run is left.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> FinishAsync(PipelineApp app)
    {
        DateTimeOffset start = Now;
        EmbeddedTaskHub hub = await SettleAsync(app);
        while (hub.UnfinishedInstances > 0)
        {
            if (hub.NextTimer is { } next)
            {
                Advance(next);
            }

            await SettleAsync(app);
        }

        return Now - start;
    }

    private void Advance(DateTimeOffset to)
    {
        if (to > Now)
        {
            _clock.Advance(to - Now);
        }
    }

    /// <summary>Waits until everything that is not finished waits for a timer.</summary>
    private static async Task<EmbeddedTaskHub> SettleAsync(PipelineApp app)
    {
        EmbeddedTaskHub hub = app.Services.GetRequiredService<EmbeddedTaskHub>();
        for (int checks = 0; checks < 3;)
        {
            await hub.WhenIdleAsync(Stop);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Stop);
            checks = hub.IsIdle ? checks + 1 : 0;
        }

        return hub;
    }
}
