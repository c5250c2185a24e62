using System.Threading.Channels;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Middleware;
using DurableTask.Sqlite.Runtime;
using DurableTask.Sqlite.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DurableTask.Sqlite;

// Opening, recovery, stopping, time and observation.
public sealed partial class SqliteOrchestrationService : IDisposable
{
    private readonly SqliteOrchestrationServiceOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly DatabaseLock _lock;
    private readonly SqliteDatabase _database;
    private readonly InstanceStore _store;
    private readonly GroupCommitWriter _writer;
    private readonly InstanceReader _reader;
    private readonly TimerQueue _timers;
    private readonly Channel<InstanceStatusChange> _changes = Channel.CreateUnbounded<InstanceStatusChange>(new() { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private Retention? _retention;
    private long _lastKey;
    private long _lastSequence;
    private bool _started;

    /// <summary>Opens the database. Nothing runs before <see cref="StartAsync"/>.</summary>
    /// <exception cref="DatabaseInUseException">Another process has it open.</exception>
    /// <exception cref="SchemaException">The file belongs to another program, or to another version of this one.</exception>
    /// <exception cref="StorageException">The file is damaged or cannot be opened.</exception>
    public SqliteOrchestrationService(
        SqliteOrchestrationServiceOptions options, TimeProvider? clock = null, ILogger<SqliteOrchestrationService>? logger = null)
    {
        _options = options;
        _clock = clock ?? TimeProvider.System;
        _logger = logger ?? NullLogger<SqliteOrchestrationService>.Instance;
        string path = Path.GetFullPath(options.DatabasePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _lock = DatabaseLock.Take(path);
        try
        {
            _database = Schema.Open(path, options.Durability);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        _store = new InstanceStore(_database, options);
        _writer = new GroupCommitWriter(_store, _logger);
        _reader = new InstanceReader(path);
        _timers = new TimerQueue(_clock, _busy, OnTimerDue);
    }

    /// <summary>
    /// Raised when an instance has reached another status and that is on disk: in order, on a thread of its own.
    /// A slow listener holds nothing up.
    /// </summary>
    public event Action<InstanceStatusChange>? StatusChanged;

    /// <summary>Whether only time or a client can change anything: a simulated clock may be advanced.</summary>
    public bool IsIdle => _busy.IsIdle && !_timers.IsDue;

    /// <summary>When the earliest durable timer or delayed start is due; null without any.</summary>
    public DateTimeOffset? NextTimer => _timers.Next is { } next ? new DateTimeOffset(next) : null;

    /// <summary>Why orchestrations are paused; null while they are not.</summary>
    public string? Problem => _writer.Problem?.Describe();

    /// <summary>The number of instances that have not ended.</summary>
    public int UnfinishedInstances => _active.Count;

    /// <summary>Completes when <see cref="IsIdle"/> is true.</summary>
    public async Task WhenIdleAsync(CancellationToken cancellation)
    {
        while (!IsIdle)
        {
            await _busy.WhenIdleAsync(cancellation);
            if (_busy.IsIdle && _timers.IsDue)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>
    /// A middleware of the orchestration dispatcher that makes orchestrators see the time of this provider's clock.
    /// Without it they see the system's.
    /// </summary>
    public static Task SetTurnTimeAsync(DispatchMiddlewareContext context, Func<Task> next)
    {
        Instance instance = ((TurnWorkItem)context.GetProperty<TaskOrchestrationWorkItem>()).Instance;
        foreach (HistoryEvent step in context.GetProperty<OrchestrationRuntimeState>().NewEvents.Where(e => e is OrchestratorStartedEvent))
        {
            step.Timestamp = instance.Time;
        }

        return next();
    }

    /// <summary>Takes up the unfinished instances and begins to hand out work.</summary>
    /// <exception cref="StorageException">A history cannot be read.</exception>
    public Task StartAsync()
    {
        if (!_started)
        {
            _started = true;
            Recover();
            _writer.Start();
            _timers.Start();
            _retention = _options.Retention is { } age
                ? new Retention(endedBy => PurgeAsync(new InstanceFilter { UpdatedTo = endedBy }), _clock, age)
                : null;
            _ = TellListenersAsync();
            Log.Started(_logger, Path.GetFullPath(_options.DatabasePath), _active.Count);
        }

        return Task.CompletedTask;
    }

    /// <summary>
    /// Begins no new activity, and waits until running ones have ended and their results are taken, as far as that comes in time.
    /// </summary>
    public async Task DrainAsync(TimeSpan timeout)
    {
        long started = TimeProvider.System.GetTimestamp();
        _timers.Dispose();
        _activities.Close();
        while ((Volatile.Read(ref _runningActivities) > 0 || Volatile.Read(ref _turns) > 0 || _ready.Count > 0)
            && TimeProvider.System.GetElapsedTime(started) < timeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        _ready.Close();
    }

    public Task StopAsync() => StopAsync(isForced: false);

    /// <summary>Writes what is queued and tells everybody who waits. What has not ended goes on at the next start.</summary>
    public async Task StopAsync(bool isForced)
    {
        await _stopping.CancelAsync();
        _retention?.Dispose();
        _timers.Dispose();
        _activities.Close();
        _ready.Close();
        _writer.Stop();
        _changes.Writer.TryComplete();
        StorageException reason = new(1, "The task hub has stopped.");
        foreach (Instance instance in _active.Values)
        {
            instance.Fail(reason);
        }
    }

    public Task CreateAsync() => Task.CompletedTask;

    public Task CreateAsync(bool recreateInstanceStore) => recreateInstanceStore ? DeleteAsync() : Task.CompletedTask;

    public Task CreateIfNotExistsAsync() => Task.CompletedTask;

    public Task DeleteAsync() => throw new NotSupportedException("Stop the host and delete the database's files.");

    public Task DeleteAsync(bool deleteInstanceStore) => DeleteAsync();

    public void Dispose()
    {
        _stopping.Cancel();
        _retention?.Dispose();
        _timers.Dispose();
        _writer.Dispose();
        _reader.Dispose();
        _store.Dispose();
        _database.Dispose();
        _lock.Dispose();
        _changes.Writer.TryComplete();
    }

    /// <summary>
    /// Rebuilds the queues from the database: activities without a result run again, timers are set, messages are delivered.
    /// Orchestrators are replayed when something happens to them.
    /// </summary>
    private void Recover()
    {
        // Messages to instances that ended while they were being sent.
        _database.Execute("DELETE FROM inbox WHERE key NOT IN (SELECT key FROM instances WHERE status IN (0, 6, 7))");
        StoredWork stored = StoredWork.Read(_database);
        (_lastKey, _lastSequence) = (stored.LastKey, stored.LastSequence);
        Dictionary<long, Instance> byKey = [];
        foreach (StoredInstance found in stored.Instances)
        {
            Instance instance = found.Instance;
            byKey.Add(instance.Key, instance);
            _active.TryAdd(instance.Id, instance);
            if (instance.LastRow == 0)
            {
                OnStartCommitted(instance);
                continue;
            }

            found.Activities.ForEach(activity => Schedule(instance, activity));
            found.Timers.ForEach(timer => Schedule(instance, timer.Fired, timer.Fired.FireAt, timer.CreatedAt));
            KeepRecoveredHistory(instance);
            Report(instance, instance.Status);
            instance.Resume();
        }

        foreach ((long key, InboxMessage message) in stored.Messages)
        {
            if (byKey.TryGetValue(key, out Instance? receiver))
            {
                Deliver(receiver, message);
            }
        }
    }

    private void KeepRecoveredHistory(Instance instance)
    {
        if (++_cachedHistories > _options.MaxCachedHistories)
        {
            instance.History = null;
            _cachedHistories--;
        }
    }

    private void Report(Instance instance, OrchestrationStatus status)
    {
        if (instance.ReportedStatus == status)
        {
            return;
        }

        instance.ReportedStatus = status;
        if (status is not OrchestrationStatus.Pending)
        {
            instance.Started.TrySetResult();
        }

        if (StatusChanged is not null)
        {
            _changes.Writer.TryWrite(new InstanceStatusChange(instance.Id, instance.Start.Name, status));
        }
    }

    private async Task TellListenersAsync()
    {
        await foreach (InstanceStatusChange change in _changes.Reader.ReadAllAsync())
        {
            try
            {
                StatusChanged?.Invoke(change);
            }
#pragma warning disable CA1031 // One listener's fault is no reason to stop telling the others.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                Log.ListenerFailed(_logger, failure, change.InstanceId);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7111, LogLevel.Information, "The durable task hub runs on '{Path}'; {Unfinished} unfinished instances go on.")]
        public static partial void Started(ILogger logger, string path, int unfinished);

        [LoggerMessage(7112, LogLevel.Warning, "A listener failed on the status change of instance '{InstanceId}'.")]
        public static partial void ListenerFailed(ILogger logger, Exception failure, string instanceId);

        [LoggerMessage(7113, LogLevel.Warning,
            "A turn of instance '{InstanceId}' was abandoned; it is retried at intervals of up to a minute.")]
        public static partial void TurnAbandoned(ILogger logger, string instanceId);
    }
}
