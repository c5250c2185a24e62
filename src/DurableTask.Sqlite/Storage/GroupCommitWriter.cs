using Microsoft.Extensions.Logging;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// The only writer: one thread that takes everything queued since its last commit, applies it in one transaction and syncs once.
/// Writes reach the disk in the order in which they were queued. When the disk refuses, the batch is kept and retried until it is taken.
/// </summary>
internal sealed partial class GroupCommitWriter : IDisposable
{
    private const int MaxBatch = 2_000;

    /// <summary>Queued writes beyond which clients and turns are held back.</summary>
    private const int MaxBacklog = 8_000;

    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEvent _stop = new(false);
    private readonly InstanceStore _store;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private List<StoreWrite> _queue = [];
    private TaskCompletionSource? _room;
    private volatile StorageException? _problem;
    private bool _ended;

    public GroupCommitWriter(InstanceStore store, ILogger logger)
    {
        _store = store;
        _logger = logger;
        _thread = new Thread(Run) { IsBackground = true, Name = "DurableTask.Sqlite writer" };
    }

    /// <summary>Why nothing is being written; null while writes succeed.</summary>
    public StorageException? Problem => _problem;

    public void Start() => _thread.Start();

    public void Enqueue(StoreWrite write)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _queue.Add(write);
                if (_queue.Count == 1)
                {
                    _wake.Set();
                }

                return;
            }
        }

        write.Refuse(Stopped());
    }

    /// <summary>Completes when the backlog is short enough for another write.</summary>
    public Task WhenRoomAsync()
    {
        lock (_gate)
        {
            if (_queue.Count < MaxBacklog || _ended)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    /// <summary>Writes what is queued, unless the disk refuses, and ends the thread.</summary>
    public void Stop()
    {
        _stop.Set();
        _wake.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        _wake.Dispose();
        _stop.Dispose();
    }

    private static StorageException Stopped() => new(1, "The task hub has stopped.");

    private void Run()
    {
        List<StoreWrite> batch = [];
        WriteUntilStopped(batch);
        lock (_gate)
        {
            _ended = true;
            batch.AddRange(_queue);
            _queue.Clear();
            _room?.TrySetResult();
        }

        batch.ForEach(write => write.Refuse(Stopped()));
    }

    private void WriteUntilStopped(List<StoreWrite> batch)
    {
        while (true)
        {
            Take(batch);
            if (batch.Count > 0)
            {
                if (!WriteBatch(batch))
                {
                    return;
                }

                batch.ForEach(write => write.Commit());
                batch.Clear();
            }
            else if (_stop.WaitOne(0))
            {
                return;
            }
            else
            {
                _wake.WaitOne();
            }
        }
    }

    private void Take(List<StoreWrite> batch)
    {
        lock (_gate)
        {
            if (_queue.Count <= MaxBatch)
            {
                batch.AddRange(_queue);
                _queue.Clear();
            }
            else
            {
                batch.AddRange(_queue[..MaxBatch]);
                _queue = _queue[MaxBatch..];
            }

            if (_room is not null && _queue.Count < MaxBacklog)
            {
                _room.TrySetResult();
                _room = null;
            }
        }
    }

    /// <summary>Retries until the disk takes the batch. Returns false when the writer is stopped before that.</summary>
    private bool WriteBatch(List<StoreWrite> batch)
    {
        for (TimeSpan pause = s_firstPause; ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                _store.Begin();
                batch.ForEach(write => write.Apply(_store));
                _store.Commit();
                if (_problem is not null)
                {
                    _problem = null;
                    Log.Recovered(_logger);
                }

                return true;
            }
            catch (StorageException failure)
            {
                Refuse(batch, failure);
            }
#pragma warning disable CA1031 // A fault of this provider must not end the thread silently: it shows as a storage problem.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Refuse(batch, new StorageException(1, fault.ToString()));
            }

            if (_stop.WaitOne(pause))
            {
                return false;
            }
        }
    }

    private void Refuse(List<StoreWrite> batch, StorageException failure)
    {
        try
        {
            _store.Rollback();
        }
        catch (StorageException)
        {
            // The first failure is the one that matters; SQLite has rolled back by itself.
        }

        if (_problem is null)
        {
            Log.Refused(_logger, failure, batch.Count);
        }

        _problem = failure;

        // Whoever waits is told with every retry, also those who came after the batch was taken, so nobody waits long.
        StoreWrite[] queued;
        lock (_gate)
        {
            queued = [.. _queue];
        }

        foreach (StoreWrite write in batch.Concat(queued))
        {
            write.Refuse(failure);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7101, LogLevel.Error,
            "The durable database refused a batch of {Count} changes. Orchestrations are paused; the batch is retried until it is taken.")]
        public static partial void Refused(ILogger logger, Exception failure, int count);

        [LoggerMessage(7102, LogLevel.Information, "The durable database takes changes again. Orchestrations go on.")]
        public static partial void Recovered(ILogger logger);
    }
}
