using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.Scheduling;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>An instance that has not ended, as the engine holds it. The mailbox may be used by any thread; the rest belongs to the turn that runs, one at a time.</summary>
internal sealed class Instance(InstanceRecord record)
{
    private readonly Lock _gate = new();
    private List<InstanceMessage> _mail = [];
    private bool _scheduled;
    private volatile bool _clientWaits;
    private Exception? _abandoned;
    private int _pendingWrites;
    private TaskCompletionSource? _started;
    private TaskCompletionSource? _ended;

    public long Key { get; } = record.Key;

    public string Id { get; } = record.Id;

    public string Name { get; } = record.Name;

    public InstanceParent? Parent { get; } = record.Parent;

    public string Version { get; set; } = record.Version;

    public int Generation { get; set; } = record.Generation;

    public OrchestrationRuntimeStatus Status { get; set; } = record.Status;

    /// <summary>The last status that clients were told of; belongs to the writer.</summary>
    public OrchestrationRuntimeStatus? ReportedStatus { get; set; }

    /// <summary>The input, until the first turn is on its way to the disk.</summary>
    public string? FirstInput { get; set; } = record.Input;

    /// <summary>Turns in the history of this generation.</summary>
    public int Turns { get; set; }

    /// <summary>An orchestrator's time never goes back, whatever the clock does.</summary>
    public DateTime LastTurn { get; set; }

    /// <summary>Null before the first turn and after it has been dropped from memory.</summary>
    public OrchestrationExecution? Execution { get; set; }

    /// <summary>By task id.</summary>
    public Dictionary<int, TimerEntry> Timers => field ??= [];

    /// <summary>Of a start in the future.</summary>
    public TimerEntry? StartTimer { get; set; }

    /// <summary>Where it stands among the live ones; belongs to <see cref="LiveExecutions"/>.</summary>
    public LinkedListNode<Instance>? LiveNode { get; set; }

    /// <summary>It waits for room to begin; belongs to <see cref="TurnQueue"/>.</summary>
    public bool IsHeldBack { get; set; }

    /// <summary>Some of its mail is a client's that waits until it has been handled.</summary>
    public bool HasClientWaiting => _clientWaits;

    public bool IsTerminal => InstanceRecord.IsTerminalStatus(Status);

    /// <summary>Completes when a status other than Pending is on disk.</summary>
    public Task Started => Signal(ref _started).Task;

    /// <summary>Completes when the end is on disk.</summary>
    public Task Ended => Signal(ref _ended).Task;

    public void SignalStarted() => Signal(ref _started).TrySetResult();

    public void SignalEnded() => Signal(ref _ended).TrySetResult();

    /// <summary>The engine stops: whoever waits for the instance is told so, and whoever comes too late as well.</summary>
    public void Abandon(Exception reason)
    {
        lock (_gate)
        {
            _abandoned = reason;
        }

        IEnumerable<TaskCompletionSource> asked = TakeMail().Select(m => m.Handled).OfType<TaskCompletionSource>();
        foreach (TaskCompletionSource waited in asked.Append(Signal(ref _started)).Append(Signal(ref _ended)))
        {
            waited.TrySetException(reason);
            _ = waited.Task.Exception; // Nobody need have waited.
        }
    }

    /// <summary>True when the instance has to be scheduled for a turn.</summary>
    public bool Post(InstanceMessage message)
    {
        lock (_gate)
        {
            if (_abandoned is { } reason)
            {
                message.Handled?.TrySetException(reason);
                return false;
            }

            _mail.Add(message);
            _clientWaits |= message.Handled is not null;
            bool schedule = !_scheduled;
            _scheduled = true;
            return schedule;
        }
    }

    public List<InstanceMessage> TakeMail()
    {
        lock (_gate)
        {
            List<InstanceMessage> mail = _mail;
            _mail = [];
            _clientWaits = false;
            return mail;
        }
    }

    /// <summary>Gives messages back that could not be handled now.</summary>
    public void ReturnMail(List<InstanceMessage> mail)
    {
        lock (_gate)
        {
            mail.AddRange(_mail);
            _mail = mail;
            _clientWaits = mail.Exists(m => m.Handled is not null);
        }
    }

    /// <summary>Ends a turn; true when there is mail for another one.</summary>
    public bool EndTurn()
    {
        lock (_gate)
        {
            return _scheduled = _mail.Count > 0;
        }
    }

    public void WriteQueued()
    {
        lock (_gate)
        {
            _pendingWrites++;
        }
    }

    public void WriteCommitted()
    {
        lock (_gate)
        {
            _pendingWrites--;
        }
    }

    /// <summary>Made when it is first asked for: most instances have nobody who waits.</summary>
    private static TaskCompletionSource Signal(ref TaskCompletionSource? source) =>
        Volatile.Read(ref source)
        ?? Interlocked.CompareExchange(ref source, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null)
        ?? source;

    /// <summary>Drops the execution before a turn, if all it was told is on disk: where none is to be kept, whether a commit or the next event came first must not matter.</summary>
    public void DropWritten()
    {
        lock (_gate)
        {
            if (_pendingWrites == 0 && Turns > 0)
            {
                Execution = null;
            }
        }
    }

    /// <summary>Drops the execution from memory, if nothing is under way: all it was told is on disk.</summary>
    public bool TryEvict()
    {
        lock (_gate)
        {
            if (_scheduled || _pendingWrites > 0)
            {
                return false;
            }

            Execution = null;
            return true;
        }
    }
}
