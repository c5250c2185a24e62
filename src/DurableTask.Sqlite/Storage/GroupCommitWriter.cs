using System.Collections.Concurrent;
using System.Globalization;
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

    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(2);

    private readonly BlockingCollection<Write> _queue = [];
    private readonly ManualResetEventSlim _stop = new();
    private readonly SqliteDatabase _database;
    private readonly SqliteOrchestrationServiceOptions _options;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private volatile StorageException? _problem;
    private long? _limit;

    public GroupCommitWriter(SqliteDatabase database, SqliteOrchestrationServiceOptions options, ILogger logger)
    {
        (_database, _options, _logger) = (database, options, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "DurableTask.Sqlite writer" };
    }

    /// <summary>Why nothing is being written; null while writes succeed.</summary>
    public StorageException? Problem => _problem;

    public void Start() => _thread.Start();

    /// <summary>
    /// Queues a change. The task completes after its commit; it fails when the disk refuses the change, which is retried nevertheless.
    /// </summary>
    /// <param name="apply">Runs inside the transaction, again for each retry.</param>
    /// <param name="committed">Runs on the writer thread after the commit; must be quick and must not throw.</param>
    public Task WriteAsync(Action<SqliteDatabase> apply, Action committed)
    {
        Write write = new(apply, committed);
        try
        {
            _queue.Add(write);
        }
        catch (InvalidOperationException)
        {
            write.Refuse(Stopped());
        }

        return write.Task;
    }

    /// <summary>Completes when the backlog is short enough for another write, or nothing can be written at all.</summary>
    public async Task WhenRoomAsync()
    {
        while (!_stop.IsSet && _problem is null && _queue.Count >= MaxBacklog)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    /// <summary>Writes what is queued, unless the disk refuses, and ends the thread.</summary>
    public void Stop()
    {
        _queue.CompleteAdding();
        _stop.Set();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    public void Dispose()
    {
        Stop();
        _queue.Dispose();
        _stop.Dispose();
    }

    private static StorageException Stopped() => new(1, "The task hub has stopped.");

    private void Run()
    {
        List<Write> batch = [];
        while (_queue.TryTake(out Write? first, Timeout.Infinite))
        {
            batch.Add(first);
            while (batch.Count < MaxBatch && _queue.TryTake(out Write? next))
            {
                batch.Add(next);
            }

            if (WriteBatch(batch))
            {
                batch.ForEach(write => write.Commit());
            }
            else
            {
                batch.ForEach(write => write.Refuse(Stopped()));
            }

            batch.Clear();
        }
    }

    /// <summary>Retries until the disk takes the batch. Returns false when the writer is stopped before that.</summary>
    private bool WriteBatch(List<Write> batch)
    {
        for (TimeSpan pause = TimeSpan.FromMilliseconds(100); ; pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause)
        {
            try
            {
                SetLimit();
                _database.Run("BEGIN IMMEDIATE");
                batch.ForEach(write => write.Apply(_database));
                _database.Run("COMMIT");
                if (_problem is not null)
                {
                    _problem = null;
                    Log.Recovered(_logger);
                }

                return true;
            }
#pragma warning disable CA1031 // A fault of this provider must not end the thread silently: it shows as a storage problem.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Refuse(batch, failure as StorageException ?? new StorageException(1, failure.ToString()));
            }

            if (_stop.Wait(pause))
            {
                return false;
            }
        }
    }

    private void SetLimit()
    {
        if (_limit != _options.MaxDatabaseBytes)
        {
            _limit = _options.MaxDatabaseBytes;
            long pages = _limit is { } bytes ? Math.Max(1, bytes / _database.Scalar("PRAGMA page_size")) : uint.MaxValue - 1;
            _database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
        }
    }

    /// <summary>Rolls back and tells whoever waits, also those who came after the batch was taken, so that nobody waits long.</summary>
    private void Refuse(List<Write> batch, StorageException failure)
    {
        try
        {
            _database.Run("ROLLBACK");
        }
        catch (StorageException)
        {
            // Nothing had begun, or SQLite has rolled back by itself. The first failure is the one that matters.
        }

        if (_problem is null)
        {
            Log.Refused(_logger, failure, batch.Count);
        }

        _problem = failure;
        foreach (Write write in batch.Concat(_queue))
        {
            write.Refuse(failure);
        }
    }

    private sealed class Write(Action<SqliteDatabase> apply, Action committed)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public void Apply(SqliteDatabase database) => apply(database);

        public void Commit()
        {
            committed();
            TrySetResult();
        }

        public void Refuse(StorageException failure)
        {
            if (TrySetException(failure))
            {
                _ = Task.Exception; // Observed: not every write has somebody waiting for it.
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7101, LogLevel.Error,
            "The durable database refused a batch of {Count} changes. Orchestrations are paused; the batch is retried until it is taken.")]
        public static partial void Refused(ILogger logger, Exception failure, int count);

        [LoggerMessage(7102, LogLevel.Information, "The durable database accepts changes again. Orchestrations have resumed.")]
        public static partial void Recovered(ILogger logger);
    }
}
