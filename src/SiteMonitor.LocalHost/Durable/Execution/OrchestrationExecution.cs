using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>
/// One execution of an orchestrator, alive between its turns: the function's continuation, the tasks it awaits and the events it has not taken.
/// It is a function of the events it is given, so a replay of the history makes the same one again. Not thread-safe: one turn at a time.
/// </summary>
internal sealed class OrchestrationExecution
{
    private readonly ExecutionSetup _setup;
    private readonly OrchestrationContext _context;
    private readonly TurnSynchronizationContext _turn;
    private readonly Dictionary<int, OpenTask> _open = [];
    private readonly Dictionary<int, HistoryEvent> _unconfirmed = [];
    private readonly EventBox _events;
    private readonly List<HistoryEvent> _held = [];
    private List<HistoryEvent> _actions = [];
    private Task<object?>? _run;
    private Failure? _failure;
    private volatile bool _strayed;
    private bool _suspended;
    private bool _terminated;
    private string? _terminationOutput;
    private int _nextTask;
    private ContinueAsNewOptions? _continueAsNew;
    private string? _customStatus;
    private bool _customStatusChanged;

    /// <param name="strayed">Called from any thread when the orchestrator awaited a task that is none of its context's.</param>
    public OrchestrationExecution(ExecutionSetup setup, Action<OrchestrationExecution> strayed)
    {
        _setup = setup;
        _events = new EventBox(setup.Options.DataConverter);
        _turn = new TurnSynchronizationContext(() =>
        {
            _strayed = true;
            strayed(this);
        });
        _context = new OrchestrationContext(this, setup);
    }

    public DateTime Now { get; private set; }

    public bool IsReplaying { get; private set; }

    public bool HasStarted => _run is not null;

    /// <summary>Makes the execution what it was when the last event of its history had been handled.</summary>
    public void Replay(IEnumerable<HistoryEvent> history)
    {
        IsReplaying = true;
        foreach (HistoryEvent step in history)
        {
            Handle(step);
        }

        if (_failure is null && _unconfirmed.Count > 0)
        {
            _failure = NonDeterminism.Unrecorded(_unconfirmed.MinBy(a => a.Key).Value);
        }

        IsReplaying = false;
    }

    /// <summary>False for what nobody waits for any more (a cancelled timer, a result that has come before): it is not worth recording.</summary>
    public bool Expects(HistoryEvent step) => step.Kind switch
    {
        HistoryEventKind.TaskCompleted or HistoryEventKind.TaskFailed or HistoryEventKind.SubOrchestrationCompleted
            or HistoryEventKind.SubOrchestrationFailed or HistoryEventKind.TimerFired => _open.ContainsKey(step.TaskId),
        HistoryEventKind.ExecutionStarted => _run is null,
        _ => true,
    };

    /// <summary>Handles one event; the orchestrator runs as far as it can.</summary>
    public void Handle(HistoryEvent step)
    {
        if (_failure is not null || _terminated)
        {
            return;
        }

        switch (step.Kind)
        {
            case HistoryEventKind.TurnStarted:
                Now = step.Time;
                break;
            case HistoryEventKind.Suspended:
                _suspended = true;
                break;
            case HistoryEventKind.Resumed:
                _suspended = false;
                Release();
                break;
            case HistoryEventKind.Terminated:
                (_terminated, _terminationOutput) = (true, step.Payload);
                break;
            case HistoryEventKind.TaskScheduled or HistoryEventKind.SubOrchestrationScheduled or HistoryEventKind.TimerCreated or HistoryEventKind.EventSent:
                _unconfirmed.Remove(step.TaskId, out HistoryEvent? replayed);
                _failure = NonDeterminism.Compare(step, replayed);
                break;
            case HistoryEventKind.TimerCancelled:
                break;
            default:
                HandleOrHold(step);
                break;
        }
    }

    /// <summary>What the turn led to; to be asked once, when all its events have been handled.</summary>
    public TurnOutcome EndTurn()
    {
        List<HistoryEvent> actions = _actions;
        _actions = [];
        if (_terminated)
        {
            return new TurnOutcome(OrchestrationRuntimeStatus.Terminated, []) { Output = _terminationOutput };
        }

        Failure? failure = _failure ?? Problem();
        TurnOutcome outcome = failure is not null ? Failed(failure)
            : _run is { IsCompleted: true } && _open.Count == 0 ? Ended(actions)
            : new TurnOutcome(_suspended ? OrchestrationRuntimeStatus.Suspended : HasStarted ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending, actions);
        outcome = outcome with { CustomStatusChanged = _customStatusChanged && failure is null, CustomStatus = _customStatus };
        _customStatusChanged = false;
        return outcome;
    }

    public int NextTaskId()
    {
        EnsureOnTurn();
        return _nextTask++;
    }

    /// <summary>Asks for something that ends with an event of the same task id.</summary>
    public Task<string?> Open(HistoryEvent action)
    {
        OpenTask task = new(action);
        _open.Add(action.TaskId, task);
        Ask(action);
        return task.Source.Task;
    }

    public void Ask(HistoryEvent action)
    {
        if (!IsReplaying)
        {
            _actions.Add(action);
        }
        else if (action.Kind is not HistoryEventKind.TimerCancelled)
        {
            _unconfirmed.Add(action.TaskId, action);
        }
    }

    public void CancelTimer(int taskId, CancellationToken cancellation)
    {
        if (_open.Remove(taskId, out OpenTask? timer))
        {
            Ask(new HistoryEvent(HistoryEventKind.TimerCancelled) { TaskId = taskId });
            timer.Source.TrySetCanceled(cancellation);
        }
    }

    public Task<T> WaitForEvent<T>(string name, CancellationToken cancellation)
    {
        EnsureOnTurn();
        return _events.Wait<T>(name, cancellation);
    }

    public void SetCustomStatus(string? status)
    {
        EnsureOnTurn();
        _customStatus = status;
        _customStatusChanged |= !IsReplaying;
    }

    public void ContinueAsNew(ContinueAsNewOptions options)
    {
        EnsureOnTurn();
        _continueAsNew = options;
    }

    private void EnsureOnTurn()
    {
        if (!_turn.IsOnTurn)
        {
            throw OrchestratorFaults.AnotherThread();
        }
    }

    private void HandleOrHold(HistoryEvent step)
    {
        if (_suspended || (_run is null && step.Kind is not HistoryEventKind.ExecutionStarted))
        {
            _held.Add(step);
        }
        else
        {
            _turn.Run(() => Deliver(step));
        }

        if (step.Kind is HistoryEventKind.ExecutionStarted && !_suspended)
        {
            Release();
        }
    }

    private void Release()
    {
        // A start that was held back comes first: what was told earlier could not be handled without it.
        HistoryEvent[] held = [.. _held.OrderBy(e => e.Kind is HistoryEventKind.ExecutionStarted ? 0 : 1)];
        if (_run is null && !held.Any(e => e.Kind is HistoryEventKind.ExecutionStarted))
        {
            return;
        }

        _held.Clear();
        foreach (HistoryEvent step in held)
        {
            _turn.Run(() => Deliver(step));
        }
    }

    private void Deliver(HistoryEvent step)
    {
        switch (step.Kind)
        {
            case HistoryEventKind.ExecutionStarted:
                _run = _setup.Invoke(_context);
                break;
            case HistoryEventKind.EventRaised:
                _events.Raise(step);
                break;
            case HistoryEventKind.TaskFailed or HistoryEventKind.SubOrchestrationFailed when _open.Remove(step.TaskId, out OpenTask? failed):
                failed.Source.TrySetException(new TaskFailedException(failed.Action.Name!, step.TaskId, step.Failure!.ToDetails()));
                break;
            default:
                if (_open.Remove(step.TaskId, out OpenTask? done))
                {
                    done.Source.TrySetResult(step.Payload);
                }

                break;
        }
    }

    /// <summary>Why the execution cannot go on although nothing has been thrown.</summary>
    private Failure? Problem()
    {
        bool stuck = _run is { IsCompleted: false } && _open.Count == 0 && !_events.IsAwaited && !_suspended;
        return _customStatusChanged && OrchestratorFaults.CustomStatusTooLarge(_customStatus, _setup.Options) is { } tooLarge ? tooLarge
            : _strayed || stuck ? OrchestratorFaults.AwaitedSomethingElse(_setup.Name)
            : null;
    }

    private TurnOutcome Ended(List<HistoryEvent> actions)
    {
        try
        {
            object? result = _run!.GetAwaiter().GetResult();
            DataConverter converter = _setup.Options.DataConverter;
            if (_continueAsNew is { } options)
            {
                Renewal renewal = new(
                    Payloads.Check(converter.Serialize(options.NewInput), "new input", _setup.Options),
                    options.NewVersion,
                    CarriedOver(options));
                return new TurnOutcome(_suspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running, actions) { Renewal = renewal };
            }

            return new TurnOutcome(OrchestrationRuntimeStatus.Completed, actions) { Output = Payloads.Check(converter.Serialize(result), "output", _setup.Options) };
        }
#pragma warning disable CA1031 // Whatever the orchestrator throws fails its instance and nothing else.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Failed(Failure.From(failure), actions);
        }
    }

    /// <summary>A suspension that came with the last events holds for the next generation, and so does what was held back by it.</summary>
    private List<HistoryEvent> CarriedOver(ContinueAsNewOptions options) =>
    [
        .. options.PreserveUnprocessedEvents ? _events.TakeUnclaimed() : [],
        .. _held.Where(e => e.Kind is HistoryEventKind.EventRaised),
        .. _suspended ? [new HistoryEvent(HistoryEventKind.Suspended)] : Array.Empty<HistoryEvent>(),
    ];

    private static TurnOutcome Failed(Failure failure, List<HistoryEvent>? actions = null) =>
        new(OrchestrationRuntimeStatus.Failed, actions ?? []) { Failure = failure, Output = failure.ToString() };
}
