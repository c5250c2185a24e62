using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;

namespace DurableTask.Sqlite.Storage;

/// <summary>Decodes what <see cref="EventWriter"/> wrote.</summary>
/// <param name="start">The start event of the instance, for references to it.</param>
internal ref struct EventReader(ReadOnlySpan<byte> encoded, ExecutionStartedEvent? start = null)
{
    private ReadOnlySpan<byte> _rest = encoded;
    private long _lastTicks;

    /// <summary>Decodes one event.</summary>
    public static HistoryEvent ReadOne(ReadOnlySpan<byte> encoded) => new EventReader(encoded).Read();

    /// <summary>Appends all events of a row to <paramref name="events"/>.</summary>
    public void ReadAll(List<HistoryEvent> events)
    {
        while (!_rest.IsEmpty)
        {
            events.Add(Read());
        }
    }

    private HistoryEvent Read()
    {
        byte type = Byte();
        if (type == EventWriter.StartReference)
        {
            return start ?? throw new FormatException("A reference to a start event that is not there.");
        }

        if (type == EventWriter.TracedActivity)
        {
            DistributedTraceContext? trace = Trace(Text());
            TaskScheduledEvent activity = (TaskScheduledEvent)Read();
            activity.ParentTraceContext = trace;
            return activity;
        }

        (int id, DateTime timestamp) = (Int(), Time());
        HistoryEvent step = Body((EventType)type, id);
        step.Timestamp = timestamp;
        return step;
    }

    // Arguments and the members of an initializer are read in the order in which they stand here.
    private HistoryEvent Body(EventType type, int id) => type switch
    {
        EventType.OrchestratorStarted => new OrchestratorStartedEvent(id),
        EventType.OrchestratorCompleted => new OrchestratorCompletedEvent(id),
        EventType.ExecutionStarted => Start(id, Text(), Text()),
        EventType.ExecutionCompleted => Completed(id, (OrchestrationStatus)Int()),
        EventType.ExecutionTerminated => new ExecutionTerminatedEvent(id, Text()),
        EventType.ExecutionSuspended => new ExecutionSuspendedEvent(id, Text()),
        EventType.ExecutionResumed => new ExecutionResumedEvent(id, Text()),
        EventType.TaskScheduled => new TaskScheduledEvent(id) { Name = Text(), Version = Text(), Input = Text(), Tags = Tags() },
        EventType.TaskCompleted => new TaskCompletedEvent(id, Int(), Text()),
        EventType.TaskFailed => new TaskFailedEvent(id, Int(), Text(), Text(), Failure()),
        EventType.SubOrchestrationInstanceCreated => new SubOrchestrationInstanceCreatedEvent(id)
        {
            Name = Text(), Version = Text(), InstanceId = Text(), Input = Text(), ClientSpanId = Text(), Tags = Tags(),
        },
        EventType.SubOrchestrationInstanceCompleted => new SubOrchestrationInstanceCompletedEvent(id, Int(), Text()),
        EventType.SubOrchestrationInstanceFailed => new SubOrchestrationInstanceFailedEvent(id, Int(), Text(), Text(), Failure()),
        EventType.TimerCreated => new TimerCreatedEvent(id, Time()),
        EventType.TimerFired => new TimerFiredEvent(id) { TimerId = Int(), FireAt = Time() },
        EventType.EventSent => new EventSentEvent(id) { InstanceId = Text(), Name = Text(), Input = Text() },
        EventType.EventRaised => Raised(id, Text()),
        _ => throw new FormatException($"Unknown event type {(int)type}."),
    };

    private ExecutionCompletedEvent Completed(int id, OrchestrationStatus status) => new(id, Text(), status, Failure());

    private EventRaisedEvent Raised(int id, string? name) => new(id, Text()) { Name = name };

    private ExecutionStartedEvent Start(int id, string? name, string? version) => new(id, Text())
    {
        Name = name,
        Version = version,
        Tags = Tags(),
        OrchestrationInstance = new OrchestrationInstance { InstanceId = Text(), ExecutionId = Text() },
        ScheduledStartTime = TimeOrNull(),
        ParentInstance = Parent(Text()),
        ParentTraceContext = Trace(Text()),
    };

    private ParentInstance? Parent(string? instanceId) => instanceId is null ? null : new ParentInstance
    {
        OrchestrationInstance = new OrchestrationInstance { InstanceId = instanceId, ExecutionId = Text() },
        Name = Text(),
        Version = Text(),
        TaskScheduleId = Int(),
    };

    private DistributedTraceContext? Trace(string? parent) => parent is null ? null : new DistributedTraceContext(parent, Text())
    {
        Id = Text(), SpanId = Text(), ActivityStartTime = TimeOrNull() is { } time ? new DateTimeOffset(time) : null,
    };

    private FailureDetails? Failure() => Text() is not { } type ? null : Failure(type, Text()!, Text(), Int() == 1);

    private FailureDetails Failure(string type, string message, string? stackTrace, bool isNonRetriable) =>
        new(type, message, stackTrace, Failure(), isNonRetriable);

    private Dictionary<string, string>? Tags()
    {
        int count = Int();
        Dictionary<string, string>? tags = count < 0 ? null : [];
        for (int n = 0; n < count; n++)
        {
            string name = Text()!;
            tags![name] = Text()!;
        }

        return tags;
    }

    private DateTime? TimeOrNull() => Int() == 0 ? null : Time();

    private DateTime Time() => new(_lastTicks += Number(), DateTimeKind.Utc);

    private string? Text()
    {
        ulong length = Unsigned();
        if (length == 0)
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(_rest[..(int)(length - 1)]);
        _rest = _rest[(int)(length - 1)..];
        return text;
    }

    private int Int() => (int)Number();

    private long Number()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private byte Byte()
    {
        byte first = _rest.IsEmpty ? throw new FormatException("The encoded events end too early.") : _rest[0];
        _rest = _rest[1..];
        return first;
    }
}
