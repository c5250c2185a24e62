using SiteMonitor.LocalHost.Durable.Scheduling;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Deletes messages to an instance that has ended.</summary>
internal sealed class InboxWrite(BusyCounter busy, IReadOnlyList<long> received) : StoreWrite
{
    public override void Apply(InstanceStore store)
    {
        foreach (long sequence in received)
        {
            store.Receive(sequence);
        }
    }

    public override void Committed() => busy.Exit();
}
