namespace DurableTask.Sqlite.Storage;

/// <summary>One change of the database, made in a transaction that it shares with others.</summary>
/// <param name="apply">Runs inside the transaction, again for each retry.</param>
/// <param name="committed">Runs on the writer thread after the commit; must be quick and must not throw.</param>
internal sealed class StoreWrite(Action<InstanceStore> apply, Action committed)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the commit; fails when the disk refuses the change, which is retried nevertheless.</summary>
    public Task Done => _done.Task;

    public void Apply(InstanceStore store) => apply(store);

    public void Commit()
    {
        committed();
        _done.TrySetResult();
    }

    public void Refuse(StorageException failure)
    {
        // Marks the exception as observed: not every write has somebody waiting for it.
        if (_done.TrySetException(failure))
        {
            _ = _done.Task.Exception;
        }
    }
}
