using System.Diagnostics;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>
/// The only writer: one thread that takes everything queued since its last commit, applies it in one transaction and syncs once.
/// What is queued first is on disk first. When the disk refuses, the batch is kept and tried again until it is taken, and nothing overtakes it.
/// </summary>
internal sealed partial class GroupCommitWriter : IDisposable
{
    private const int LargestBatch = 2_000;

    /// <summary>Writes waiting beyond which callers and turns are held back.</summary>
    private const int CrowdedBacklog = 8_000;

    private static readonly StorageException s_stopped = new(1, "The durable engine has stopped.");
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly ManualResetEvent _stop = new(false);
    private readonly InstanceStore _store;
    private readonly DurableMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private List<StoreWrite> _queue = [];
    private TaskCompletionSource? _room;
    private volatile string? _problem;
    private volatile bool _crowded;
    private bool _ended;

    public GroupCommitWriter(InstanceStore store, DurableMetrics metrics, ILogger logger)
    {
        _store = store;
        _metrics = metrics;
        _logger = logger;
        _thread = new Thread(Loop) { IsBackground = true, Name = "Durable writer" };
    }

    /// <summary>Why nothing is being written; null while all is well.</summary>
    public string? Problem => _problem;

    /// <summary>So many writes wait that no turn should add another: memory would run away from the disk.</summary>
    public bool IsCrowded => _crowded;

    /// <summary>Called when turns may go on.</summary>
    public Action BacklogShrank { get; set; } = () => { };

    public void Start() => _thread.Start();

    public void Enqueue(StoreWrite write)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                _queue.Add(write);
                _crowded |= _queue.Count >= CrowdedBacklog;
                if (_queue.Count == 1)
                {
                    _wake.Set();
                }

                return;
            }
        }

        write.Refused(s_stopped);
    }

    /// <summary>Completes when the backlog is short enough for another caller's request.</summary>
    public Task WhenRoomAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            if (_queue.Count < CrowdedBacklog)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancellation);
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

    private void Loop()
    {
        List<StoreWrite> batch = [];
        WriteUntilStopped(batch);
        lock (_gate)
        {
            _ended = true;
            batch.AddRange(_queue);
            _queue.Clear();
        }

        foreach (StoreWrite write in batch)
        {
            write.Refused(s_stopped);
        }
    }

    private void WriteUntilStopped(List<StoreWrite> batch)
    {
        while (true)
        {
            Take(batch);
            if (batch.Count == 0)
            {
                if (_stop.WaitOne(0))
                {
                    return;
                }

                _wake.WaitOne();
                continue;
            }

            if (!WriteUntilTaken(batch))
            {
                return;
            }

            foreach (StoreWrite write in batch)
            {
                write.Committed();
            }

            batch.Clear();
        }
    }

    private void Take(List<StoreWrite> batch)
    {
        TaskCompletionSource? room = null;
        bool shrank = false;
        lock (_gate)
        {
            if (_queue.Count <= LargestBatch)
            {
                batch.AddRange(_queue);
                _queue.Clear();
            }
            else
            {
                batch.AddRange(_queue[..LargestBatch]);
                _queue = _queue[LargestBatch..];
            }

            if (_queue.Count < CrowdedBacklog)
            {
                (room, _room) = (_room, null);
                (shrank, _crowded) = (_crowded, false);
            }
        }

        room?.SetResult();
        if (shrank)
        {
            BacklogShrank();
        }
    }

    /// <summary>False when the engine stops before the disk took the batch.</summary>
    private bool WriteUntilTaken(List<StoreWrite> batch)
    {
        TimeSpan pause = s_firstPause;
        while (true)
        {
            try
            {
                long started = Stopwatch.GetTimestamp();
                _store.Begin();
                foreach (StoreWrite write in batch)
                {
                    write.Apply(_store);
                }

                _store.Commit();
                _metrics.Committed(batch.Count, Stopwatch.GetElapsedTime(started));
                Recover();
                return true;
            }
            catch (StorageException failure)
            {
                Refuse(batch, failure);
            }
#pragma warning disable CA1031 // A fault of ours must not end the thread without a word: it shows as a problem of the engine.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Refuse(batch, new StorageException(1, fault.ToString()));
            }

            if (_stop.WaitOne(pause))
            {
                return false;
            }

            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private void Recover()
    {
        if (_problem is not null)
        {
            _problem = null;
            LogRecovered();
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
            LogRefused(failure, batch.Count);
        }

        _problem = Describe(failure);
        TellWaiting(batch, failure);
    }

    /// <summary>Whoever waits is told, also those who came after the batch was taken and before the problem showed; it happens with every try, so nobody waits long.</summary>
    private void TellWaiting(List<StoreWrite> batch, StorageException failure)
    {
        StoreWrite[] queued;
        TaskCompletionSource? room;
        lock (_gate)
        {
            queued = [.. _queue];
            (room, _room) = (_room, null);
        }

        room?.SetResult();
        foreach (StoreWrite write in batch.Concat(queued))
        {
            write.Refused(failure);
        }
    }

    private static string Describe(StorageException failure) => failure.Code switch
    {
        5 or 6 => $"Another program holds the durable database: {failure.Message} Orchestrations are paused until it lets go.",
        8 => $"The durable database cannot be written: {failure.Message} Orchestrations are paused until it can.",
        11 or 26 => $"The durable database is damaged: {failure.Message} Stop the host and restore the file from a copy.",
        13 => $"The disk with the durable database is full: {failure.Message} Orchestrations are paused until there is room.",
        _ => $"The durable database refuses writes: {failure.Message} Orchestrations are paused and it is tried again.",
    };

    [LoggerMessage(101, LogLevel.Error, "The durable database refused a batch of {Count} changes. Orchestrations are paused; the batch is tried again until it is taken.")]
    private partial void LogRefused(Exception failure, int count);

    [LoggerMessage(102, LogLevel.Information, "The durable database takes changes again. Orchestrations go on.")]
    private partial void LogRecovered();
}
