using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.Execution;
using SiteMonitor.LocalHost.Durable.History;
using SiteMonitor.LocalHost.Durable.Scheduling;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>The parts of a running engine and the instances it holds.</summary>
internal sealed class EngineCore : IDisposable
{
    public static readonly InstanceMessage StartMessage = new(new HistoryEvent(HistoryEventKind.ExecutionStarted));

    private static readonly InstanceMessage s_wake = new(Event: null);

    private readonly ConcurrentDictionary<string, Instance> _instances = new(StringComparer.Ordinal);
    private readonly DurableTaskFunctions _functions;
    private readonly ILoggerFactory _loggers;
    private readonly DatabaseLock _lock;
    private readonly SqliteDatabase _database;
    private readonly InstanceStore _store;
    private readonly Action<InstanceChange> _changed;
    private long _key;
    private long _inbox;

    public EngineCore(DurableEngineOptions options, TimeProvider clock, DurableTaskFunctions functions, DurableMetrics metrics, ILoggerFactory loggers, Action<InstanceChange> changed)
    {
        Options = options;
        Clock = clock;
        Metrics = metrics;
        _functions = functions;
        _loggers = loggers;
        _changed = changed;
        string path = Path.GetFullPath(options.DatabasePath);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _lock = DatabaseLock.Take(path);
        try
        {
            _database = DatabaseFile.Open(path, options.Durability);
        }
        catch
        {
            _lock.Dispose();
            throw;
        }

        ILogger logger = loggers.CreateLogger<DurableEngine>();
        _store = new InstanceStore(_database, options);
        Writer = new GroupCommitWriter(_store, metrics, logger);
        Reader = new InstanceReader(path);
        Live = new LiveExecutions(options.MaxLiveOrchestrations);
        TurnRunner runner = new(this, logger);
        Activities = new ActivityRunner(options, functions, metrics, Busy, Tell, logger);
        Turns = new TurnQueue(options.MaxConcurrentOrchestrators, () => !Activities.IsCrowded, () => Writer.IsCrowded, runner.Run);
        Activities.BacklogShrank = Turns.WakeAll;
        Writer.BacklogShrank = Turns.WakeAll;
        Timers = new TimerQueue(clock, Tell);
    }

    public DurableEngineOptions Options { get; }

    public TimeProvider Clock { get; }

    public DurableMetrics Metrics { get; }

    public BusyCounter Busy { get; } = new();

    public GroupCommitWriter Writer { get; }

    public InstanceReader Reader { get; }

    public LiveExecutions Live { get; }

    public TurnQueue Turns { get; }

    public ActivityRunner Activities { get; }

    public TimerQueue Timers { get; }

    public int InstanceCount => _instances.Count;

    /// <summary>Takes up everything unfinished, and begins.</summary>
    public int Start()
    {
        StoredWork stored = new(_database);
        (_key, _inbox) = (stored.LastKey, stored.LastInboxSequence);
        int found = new Recovery(this, stored).Run();
        Writer.Start();
        Timers.Start();
        return found;
    }

    public long NextKey() => Interlocked.Increment(ref _key);

    public long NextInboxSequence() => Interlocked.Increment(ref _inbox);

    public bool Knows(string orchestrator) => _functions.Orchestrator(orchestrator) is not null;

    /// <summary>Lets a client's request in: refuses it while nothing can be written, holds it back while too much waits to be.</summary>
    /// <exception cref="Grpc.Core.RpcException">Unavailable: the database takes no changes.</exception>
    public async ValueTask AdmitAsync(CancellationToken cancellation)
    {
        bool admitted = false;
        while (!admitted)
        {
            if (Writer.Problem is { } problem)
            {
                throw Refusals.Storage(problem);
            }

            Task room = Writer.WhenRoomAsync(cancellation);
            admitted = room.IsCompletedSuccessfully;
            await room;
        }
    }

    /// <summary>The unfinished instance of an id.</summary>
    public Instance? Find(string id) => _instances.GetValueOrDefault(id);

    /// <summary>False when an unfinished instance has that id.</summary>
    public bool TryAdd(Instance instance) => _instances.TryAdd(instance.Id, instance);

    /// <summary>
    /// False when an unfinished instance has that id. One whose end is only on its way to the disk is replaced: the writer takes its end before the newcomer,
    /// and a parent that tries its child again under the same id must not have to wait for that.
    /// </summary>
    public bool TryAddOrReplaceEnded(Instance instance)
    {
        while (!_instances.TryAdd(instance.Id, instance))
        {
            if (!_instances.TryGetValue(instance.Id, out Instance? present))
            {
                continue;
            }

            if (!present.IsTerminal)
            {
                return false;
            }

            if (_instances.TryUpdate(instance.Id, instance, present))
            {
                return true;
            }
        }

        return true;
    }

    /// <summary>The instance has ended, and that is on disk: its id is free.</summary>
    public void Forget(Instance instance) => _instances.TryRemove(new KeyValuePair<string, Instance>(instance.Id, instance));

    /// <summary>Puts a message into an instance's mailbox and sees to it that it gets a turn.</summary>
    public void Tell(Instance instance, InstanceMessage message)
    {
        if (instance.Post(message))
        {
            Busy.Enter();
            Turns.Enqueue(instance);
        }
        else if (message.Handled is not null)
        {
            Turns.Promote(instance);
        }
    }

    public OrchestrationExecution NewExecution(Instance instance, string? input) => new(
        new ExecutionSetup(instance.Id, instance.Name, instance.Version, instance.Generation, instance.Parent, input)
        {
            Options = Options,
            LoggerFactory = _loggers,
            Function = _functions.Orchestrator(instance.Name),
        },
        strayed => Tell(instance, s_wake));

    /// <summary>A status is on disk: whoever waits for it is told.</summary>
    public void Report(Instance instance, OrchestrationRuntimeStatus status)
    {
        if (instance.ReportedStatus == status)
        {
            return;
        }

        instance.ReportedStatus = status;
        if (status is not OrchestrationRuntimeStatus.Pending)
        {
            instance.SignalStarted();
        }

        if (InstanceRecord.IsTerminalStatus(status))
        {
            instance.SignalEnded();
        }

        Metrics.Reached(status);
        _changed(new InstanceChange(instance.Id, instance.Name, status));
    }

    /// <summary>Ends in order: running activities get <see cref="DurableEngineOptions.StopTimeout"/>, results they have are kept, all that is queued is written, whoever still waits is told.</summary>
    public async Task StopAsync(CancellationToken cancellation)
    {
        Timers.Dispose();
        Activities.Stop();
        await WaitForAsync(() => Activities.IsQuiet, cancellation);
        await WaitForAsync(Turns.Drain, cancellation);
        await WaitForAsync(Turns.Stop, cancellation);
        Writer.Stop();
        foreach (Instance instance in _instances.Values)
        {
            instance.Abandon(Refusals.Stopped());
        }
    }

    public void Dispose()
    {
        Timers.Dispose();
        Writer.Dispose();
        Reader.Dispose();
        Activities.Dispose();
        _store.Dispose();
        _database.Dispose();
        _lock.Dispose();
    }

    private async Task WaitForAsync(Func<bool> condition, CancellationToken cancellation)
    {
        long started = TimeProvider.System.GetTimestamp();
        while (!condition() && TimeProvider.System.GetElapsedTime(started) < Options.StopTimeout && !cancellation.IsCancellationRequested)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, CancellationToken.None);
        }
    }
}
