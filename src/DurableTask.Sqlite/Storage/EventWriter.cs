using System.Buffers;
using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Encodes history events. An event is its type, its id, the time since the event before it, and its members in a fixed order.
/// Numbers are of variable length; texts are UTF-8 after their length plus one (0 is null). <see cref="EventReader"/> is its counterpart.
/// </summary>
internal sealed class EventWriter
{
    /// <summary>Stands for the start event of the instance, which row 0 of its history holds.</summary>
    internal const byte StartReference = 255;

    /// <summary>Comes before a scheduled activity that is traced, and is followed by its trace context.</summary>
    internal const byte TracedActivity = 254;

    [ThreadStatic]
    private static EventWriter? s_writer;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private long _lastTicks;

    /// <summary>Encodes a row after row 0: the start event becomes a reference to it.</summary>
    public static byte[] Encode(IEnumerable<HistoryEvent> events)
    {
        EventWriter writer = Take();
        foreach (HistoryEvent step in events)
        {
            _ = step is ExecutionStartedEvent ? writer.Byte(StartReference) : writer.Write(step);
        }

        return writer._buffer.WrittenSpan.ToArray();
    }

    public static byte[] Encode(HistoryEvent step) => Take().Write(step)._buffer.WrittenSpan.ToArray();

    private static EventWriter Take()
    {
        EventWriter writer = s_writer ??= new EventWriter();
        writer._buffer.ResetWrittenCount();
        writer._lastTicks = 0;
        return writer;
    }

    private EventWriter Write(HistoryEvent step) =>
        (step is TaskScheduledEvent { ParentTraceContext: { } trace } ? Byte(TracedActivity).Trace(trace) : this)
            .Byte((byte)step.EventType).Number(step.EventId).Time(step.Timestamp).Body(step);

    private EventWriter Body(HistoryEvent step) => step switch
    {
        OrchestratorStartedEvent or OrchestratorCompletedEvent => this,
        ExecutionStartedEvent e => Text(e.Name).Text(e.Version).Text(e.Input).Tags(e.Tags).Instance(e.OrchestrationInstance)
            .Time(e.ScheduledStartTime).Parent(e.ParentInstance).Trace(e.ParentTraceContext),
        ExecutionCompletedEvent e => Number((int)e.OrchestrationStatus).Text(e.Result).Failure(e.FailureDetails),
        ExecutionTerminatedEvent e => Text(e.Input),
        ExecutionSuspendedEvent e => Text(e.Reason),
        ExecutionResumedEvent e => Text(e.Reason),
        TaskScheduledEvent e => Text(e.Name).Text(e.Version).Text(e.Input).Tags(e.Tags),
        TaskCompletedEvent e => Number(e.TaskScheduledId).Text(e.Result),
        TaskFailedEvent e => Number(e.TaskScheduledId).Text(e.Reason).Text(e.Details).Failure(e.FailureDetails),
        SubOrchestrationInstanceCreatedEvent e => Text(e.Name).Text(e.Version).Text(e.InstanceId).Text(e.Input).Text(e.ClientSpanId)
            .Tags(e.Tags),
        SubOrchestrationInstanceCompletedEvent e => Number(e.TaskScheduledId).Text(e.Result),
        SubOrchestrationInstanceFailedEvent e => Number(e.TaskScheduledId).Text(e.Reason).Text(e.Details).Failure(e.FailureDetails),
        TimerCreatedEvent e => Time(e.FireAt),
        TimerFiredEvent e => Number(e.TimerId).Time(e.FireAt),
        EventSentEvent e => Text(e.InstanceId).Text(e.Name).Text(e.Input),
        EventRaisedEvent e => Text(e.Name).Text(e.Input),
        _ => throw new NotSupportedException($"Events of type {step.EventType} are not supported by this provider."),
    };

    private EventWriter Instance(OrchestrationInstance instance) => Text(instance.InstanceId).Text(instance.ExecutionId);

    private EventWriter Parent(ParentInstance? parent) => parent is null ? Text(null)
        : Instance(parent.OrchestrationInstance).Text(parent.Name).Text(parent.Version).Number(parent.TaskScheduleId);

    private EventWriter Trace(DistributedTraceContext? trace) => trace is null ? Text(null)
        : Text(trace.TraceParent).Text(trace.TraceState).Text(trace.Id).Text(trace.SpanId).Time(trace.ActivityStartTime?.UtcDateTime);

    private EventWriter Failure(FailureDetails? failure) => failure is null ? Text(null)
        : Text(failure.ErrorType).Text(failure.ErrorMessage).Text(failure.StackTrace).Number(failure.IsNonRetriable ? 1 : 0)
            .Failure(failure.InnerFailure);

    private EventWriter Tags(IDictionary<string, string>? tags) => (tags ?? new Dictionary<string, string>()).Aggregate(
        Number(tags?.Count ?? -1), (writer, tag) => writer.Text(tag.Key).Text(tag.Value));

    private EventWriter Time(DateTime? time) => time is { } some ? Number(1).Time(some) : Number(0);

    private EventWriter Time(DateTime time)
    {
        long passed = time.Ticks - _lastTicks;
        _lastTicks = time.Ticks;
        return Number(passed);
    }

    private EventWriter Text(string? text)
    {
        if (text is null)
        {
            return Unsigned(0);
        }

        Unsigned((ulong)Encoding.UTF8.GetByteCount(text) + 1);
        Encoding.UTF8.GetBytes(text, _buffer);
        return this;
    }

    /// <summary>Writes a signed number so that small magnitudes take few bytes.</summary>
    private EventWriter Number(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    private EventWriter Unsigned(ulong value) => value < 0x80 ? Byte((byte)value) : Byte((byte)(value | 0x80)).Unsigned(value >> 7);

    private EventWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }
}
