using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Purges what ended longer ago than it is to be kept, a little at a time, once an hour.</summary>
internal sealed class Retention : IDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan s_interval = TimeSpan.FromHours(1);

    private readonly EngineCore _core;
    private readonly TimeSpan _age;
    private readonly ITimer _timer;

    public Retention(EngineCore core, TimeSpan age)
    {
        _core = core;
        _age = age;
        _timer = core.Clock.CreateTimer(_ => Sweep(), null, TimeSpan.Zero, s_interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Sweep()
    {
        InstanceFilter filter = new() { Statuses = InstanceRecord.TerminalStatuses, UpdatedTo = _core.Clock.GetUtcNow().UtcDateTime - _age, Limit = PageSize };
        try
        {
            for (List<InstanceRecord> page = _core.Reader.List(filter); page.Count > 0; page = _core.Reader.List(filter))
            {
                _core.Busy.Enter();
                _core.Writer.Enqueue(new PurgeWrite(_core.Busy, [.. page.Select(i => i.Key)]));
                filter = filter with { After = page[^1].Id };
            }
        }
        catch (StorageException)
        {
            // The writer reports a database in trouble; the next sweep is in an hour.
        }
    }
}
