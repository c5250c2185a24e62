using System.Collections.Concurrent;
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
    private readonly string _path;
    private readonly DatabaseLock _lock;
    private readonly SqliteDatabase _database;
    private readonly GroupCommitWriter _writer;
    private readonly ConcurrentBag<SqliteDatabase> _readers = [];
    private readonly TimerQueue _timers;
    private readonly CancellationTokenSource _stopping = new();
    private ITimer? _sweep;
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
        _path = Path.GetFullPath(options.DatabasePath);
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        _lock = new DatabaseLock(_path);
        try
        {
            _database = Schema.Open(_path, options.Durability);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        _writer = new GroupCommitWriter(_database, options, _logger);
        _timers = new TimerQueue(_clock, OnTimerDue);
        _ready = new WorkQueue<Instance>(holdsDeferred: () => HoldsNewInstances);
    }

    /// <summary>Whether only time or a client can change anything: a simulated clock may be advanced.</summary>
    /// <remarks>Looks twice, since a timer that was due may have fired in between.</remarks>
    public bool IsIdle => Volatile.Read(ref _busy) == 0 && !(_timers.Next <= Now) && Volatile.Read(ref _busy) == 0;

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
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, cancellation);
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
            _sweep = _options.Retention is { } age
                ? _clock.CreateTimer(_ => _ = SweepAsync(Now - age), null, TimeSpan.Zero, TimeSpan.FromHours(1))
                : null;
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
        while (Volatile.Read(ref _busy) > _activities.Count && TimeProvider.System.GetElapsedTime(started) < timeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        _ready.Close();
    }

    /// <summary>Writes what is queued and tells everybody who waits. What has not ended goes on at the next start.</summary>
    public Task StopAsync(bool isForced)
    {
        Stop();
        return Task.CompletedTask;
    }

    public Task StopAsync() => StopAsync(isForced: false);
    public Task CreateAsync() => Task.CompletedTask;
    public Task CreateAsync(bool recreateInstanceStore) => recreateInstanceStore ? DeleteAsync() : Task.CompletedTask;
    public Task CreateIfNotExistsAsync() => Task.CompletedTask;
    public Task DeleteAsync() => throw new NotSupportedException("Stop the host and delete the database's files.");
    public Task DeleteAsync(bool deleteInstanceStore) => DeleteAsync();

    public void Dispose()
    {
        Stop();
        _writer.Dispose();
        while (_readers.TryTake(out SqliteDatabase? reader))
        {
            reader.Dispose();
        }

        _database.Dispose();
        _lock.Dispose();
    }

    private void Stop()
    {
        _stopping.Cancel();
        _sweep?.Dispose();
        _timers.Dispose();
        _activities.Close();
        _ready.Close();
        _writer.Stop();
        _active.Values.ToList().ForEach(instance => instance.Fail(new StorageException(1, "The task hub has stopped.")));
    }

    /// <summary>Purges what ended longer ago than it is to be kept.</summary>
    private async Task SweepAsync(DateTime endedBy)
    {
        try
        {
            await PurgeAsync(new PurgeInstanceFilter(DateTime.MinValue, null, null), endedBy);
        }
        catch (StorageException)
        {
            // The writer reports a database in trouble; the next sweep is in an hour.
        }
    }

    /// <summary>
    /// Rebuilds the queues from the database: activities without a result run again, timers are set, messages are delivered.
    /// Orchestrators are replayed when something happens to them.
    /// </summary>
    private void Recover()
    {
        // Messages to instances that ended while they were being sent.
        _database.Execute("DELETE FROM inbox WHERE key NOT IN (SELECT key FROM instances WHERE status IN (0, 6, 7))");
        _lastKey = _database.Scalar("SELECT max(key) FROM instances");
        _lastSequence = _database.Scalar("SELECT max(sequence) FROM inbox");
        Dictionary<long, Instance> byKey = [];
        foreach (InstanceRow row in _database.Unfinished())
        {
            (List<HistoryEvent> history, long lastRow) = _database.History(row.Key, row.State.OrchestrationInstance.InstanceId);
            Instance instance = lastRow == 0 ? new Instance(row.Key, row.Start) : new Instance(row.Key, row.Start, lastRow);
            byKey.Add(instance.Key, instance);
            _active.TryAdd(instance.Id, instance);
            if (lastRow == 0)
            {
                OnStartCommitted(instance);
            }
            else
            {
                instance.History = ++_unfinished <= _options.MaxCachedHistories ? history : null;
                (instance.Status, instance.CustomStatus) = (row.State.OrchestrationStatus, row.State.Status);
                instance.Time = row.State.LastUpdatedTime;
                instance.Release();
                ScheduleOpenWork(instance, history);
            }
        }

        foreach ((long sequence, Instance receiver, string? executionId, HistoryEvent step) in _database.Query(
            "SELECT sequence, key, execution, event FROM inbox ORDER BY sequence",
            row => (row.Int64(0), byKey[row.Int64(1)], row.Text(2), EventReader.ReadOne(row.Blob(3)))))
        {
            OrchestrationInstance address = new() { InstanceId = receiver.Id, ExecutionId = executionId };
            Deliver(receiver, new InboxMessage(new TaskMessage { OrchestrationInstance = address, Event = step }, sequence));
        }
    }

    /// <summary>Schedules the activities and timers that a history has no result of.</summary>
    private void ScheduleOpenWork(Instance instance, List<HistoryEvent> history)
    {
        HashSet<int> completedIds = [.. history.Select(step => step switch
        {
            TaskCompletedEvent e => e.TaskScheduledId,
            TaskFailedEvent e => e.TaskScheduledId,
            TimerFiredEvent e => e.TimerId,
            _ => -1,
        })];
        foreach (HistoryEvent step in history.Where(step => !completedIds.Contains(step.EventId)))
        {
            if (step is TimerCreatedEvent timer)
            {
                Schedule(instance, new TimerFiredEvent(-1) { TimerId = timer.EventId, FireAt = timer.FireAt }, timer.Timestamp);
            }
            else if (step is TaskScheduledEvent)
            {
                Schedule(instance, new TaskMessage { OrchestrationInstance = instance.Start.OrchestrationInstance, Event = step });
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7113, LogLevel.Warning,
            "A turn of instance '{InstanceId}' was abandoned; it is retried at intervals of up to a minute.")]
        public static partial void TurnAbandoned(ILogger logger, string instanceId);
    }
}
