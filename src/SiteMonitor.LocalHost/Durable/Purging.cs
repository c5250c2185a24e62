using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Deletes ended instances a page at a time, so that neither memory nor the commits of others depend on how many there are.</summary>
internal sealed class Purging(EngineCore core)
{
    private const int PageSize = 500;

    /// <returns>How many were deleted.</returns>
    public async Task<int> RunAsync(InstanceFilter ended, CancellationToken cancellation)
    {
        int purged = 0;
        InstanceFilter filter = ended with { Limit = PageSize };
        for (List<InstanceRecord> page = core.Reader.List(filter); page.Count > 0; page = core.Reader.List(filter))
        {
            await PurgeAsync([.. page.Select(i => i.Key)], cancellation);
            purged += page.Count;
            filter = filter with { After = page[^1].Id };
        }

        return purged;
    }

    /// <summary>Those that ended by a time.</summary>
    public async Task RunAsync(DateTime endedBy, CancellationToken cancellation)
    {
        for (long? after = 0; after is { } start && !cancellation.IsCancellationRequested;)
        {
            EndedPage page = core.Reader.EndedBy(endedBy, start);
            if (page.Keys.Count > 0)
            {
                await PurgeAsync(page.Keys, cancellation);
            }

            after = page.Next;
        }
    }

    public async Task PurgeAsync(IReadOnlyList<long> keys, CancellationToken cancellation)
    {
        await core.AdmitAsync(cancellation);
        PurgeWrite purge = new(core.Busy, keys);
        core.Busy.Enter();
        core.Writer.Enqueue(purge);
        await purge.Done.Task.WaitAsync(cancellation);
    }
}
