namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>One indivisible change; many share a transaction and its disk sync.</summary>
internal abstract class StoreWrite
{
    /// <summary>Runs on the writer thread inside the transaction; again, from the start, when the transaction failed.</summary>
    public abstract void Apply(InstanceStore store);

    /// <summary>Runs on the writer thread once the change is on disk. Must be quick and must not throw.</summary>
    public virtual void Committed()
    {
    }

    /// <summary>The disk refused the change for now. It stays queued and is tried again; whoever waits for it is told.</summary>
    public virtual void Refused(StorageException failure)
    {
    }
}
