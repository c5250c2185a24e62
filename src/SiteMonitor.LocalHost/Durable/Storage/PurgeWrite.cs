using SiteMonitor.LocalHost.Durable.Scheduling;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Deletes finished instances with their histories.</summary>
internal sealed class PurgeWrite(BusyCounter busy, IReadOnlyList<long> keys) : StoreWrite
{
    public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override void Apply(InstanceStore store)
    {
        foreach (long key in keys)
        {
            store.Purge(key);
        }
    }

    public override void Committed()
    {
        Done.TrySetResult();
        busy.Exit();
    }

    public override void Refused(StorageException failure) => Done.TrySetException(Refusals.Storage(failure.Message));
}
