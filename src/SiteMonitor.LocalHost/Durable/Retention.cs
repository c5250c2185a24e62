using Grpc.Core;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Purges what ended longer ago than it is to be kept, a little at a time, once an hour.</summary>
internal sealed class Retention : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    private readonly EngineCore _core;
    private readonly TimeSpan _age;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ITimer _timer;
    private int _sweeping;

    public Retention(EngineCore core, TimeSpan age)
    {
        _core = core;
        _age = age;
        _timer = core.Clock.CreateTimer(_ => _ = SweepAsync(), null, TimeSpan.Zero, s_interval);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _stopping.Cancel();
    }

    private async Task SweepAsync()
    {
        if (Interlocked.Exchange(ref _sweeping, 1) == 1)
        {
            return;
        }

        _core.Busy.Enter();
        try
        {
            await new Purging(_core).RunAsync(_core.Clock.GetUtcNow().UtcDateTime - _age, _stopping.Token);
        }
        catch (Exception failure) when (failure is StorageException or RpcException or OperationCanceledException)
        {
            // The writer reports a database in trouble; the next sweep is in an hour.
        }
        finally
        {
            _core.Busy.Exit();
            Volatile.Write(ref _sweeping, 0);
        }
    }
}
