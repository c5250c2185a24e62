using System.Buffers;
using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>
/// Encodes history events. An event is its type, its id, the time since the event before it, and its members in a fixed order.
/// Numbers are of variable length; texts are UTF-8 after their length plus one (0 is null). <see cref="EventReader"/> is its counterpart.
/// </summary>
internal sealed class EventWriter
{
    /// <summary>Stands for the start event of the instance, which row 0 of its history holds.</summary>
    internal const byte StartReference = 255;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private long _lastTicks;

    /// <summary>Encodes the rows that follow row 0: the start event becomes a reference to it.</summary>
    public ReadOnlySpan<byte> Encode(IEnumerable<HistoryEvent> events)
    {
        Reset();
        foreach (HistoryEvent step in events)
        {
            if (step is ExecutionStartedEvent)
            {
                _buffer.GetSpan(1)[0] = StartReference;
                _buffer.Advance(1);
            }
            else
            {
                Write(step);
            }
        }

        return _buffer.WrittenSpan;
    }

    public ReadOnlySpan<byte> Encode(HistoryEvent step)
    {
        Reset();
        Write(step);
        return _buffer.WrittenSpan;
    }

    private void Reset()
    {
        _buffer.ResetWrittenCount();
        _lastTicks = 0;
    }

    private void Write(HistoryEvent step)
    {
        _buffer.GetSpan(1)[0] = (byte)step.EventType;
        _buffer.Advance(1);
        Number(step.EventId);
        Time(step.Timestamp);
        switch (step)
        {
            case OrchestratorStartedEvent or OrchestratorCompletedEvent:
                break;
            case ExecutionStartedEvent started:
                Start(started);
                break;
            case ExecutionCompletedEvent completed:
                Number((int)completed.OrchestrationStatus).Text(completed.Result).Failure(completed.FailureDetails);
                break;
            case ExecutionTerminatedEvent terminated:
                Text(terminated.Input);
                break;
            case ExecutionSuspendedEvent suspended:
                Text(suspended.Reason);
                break;
            case ExecutionResumedEvent resumed:
                Text(resumed.Reason);
                break;
            case TaskScheduledEvent scheduled:
                Text(scheduled.Name).Text(scheduled.Version).Text(scheduled.Input).Tags(scheduled.Tags);
                break;
            case TaskCompletedEvent completed:
                Number(completed.TaskScheduledId).Text(completed.Result);
                break;
            case TaskFailedEvent failed:
                Number(failed.TaskScheduledId).Text(failed.Reason).Text(failed.Details).Failure(failed.FailureDetails);
                break;
            case SubOrchestrationInstanceCreatedEvent created:
                Text(created.Name).Text(created.Version).Text(created.InstanceId).Text(created.Input).Text(created.ClientSpanId)
                    .Tags(created.Tags);
                break;
            case SubOrchestrationInstanceCompletedEvent completed:
                Number(completed.TaskScheduledId).Text(completed.Result);
                break;
            case SubOrchestrationInstanceFailedEvent failed:
                Number(failed.TaskScheduledId).Text(failed.Reason).Text(failed.Details).Failure(failed.FailureDetails);
                break;
            case TimerCreatedEvent created:
                Time(created.FireAt);
                break;
            case TimerFiredEvent fired:
                Number(fired.TimerId).Time(fired.FireAt);
                break;
            case EventSentEvent sent:
                Text(sent.InstanceId).Text(sent.Name).Text(sent.Input);
                break;
            case EventRaisedEvent raised:
                Text(raised.Name).Text(raised.Input);
                break;
            default:
                throw new NotSupportedException($"Events of type {step.EventType} are not supported by this provider.");
        }
    }

    private void Start(ExecutionStartedEvent started)
    {
        Text(started.Name).Text(started.Version).Text(started.Input).Tags(started.Tags);
        Text(started.OrchestrationInstance.InstanceId).Text(started.OrchestrationInstance.ExecutionId);
        Number(started.ScheduledStartTime is null ? 0 : 1);
        if (started.ScheduledStartTime is { } startAt)
        {
            Time(startAt);
        }

        Text(started.ParentInstance?.OrchestrationInstance.InstanceId);
        if (started.ParentInstance is { } parent)
        {
            Text(parent.OrchestrationInstance.ExecutionId).Text(parent.Name).Text(parent.Version).Number(parent.TaskScheduleId);
        }

        Text(started.ParentTraceContext?.TraceParent);
        if (started.ParentTraceContext is { } trace)
        {
            Text(trace.TraceState).Text(trace.Id).Text(trace.SpanId).Number(trace.ActivityStartTime is null ? 0 : 1);
            if (trace.ActivityStartTime is { } spanStart)
            {
                Time(spanStart.UtcDateTime);
            }
        }
    }

    private void Failure(FailureDetails? failure)
    {
        Text(failure?.ErrorType);
        if (failure is not null)
        {
            Text(failure.ErrorMessage).Text(failure.StackTrace).Number(failure.IsNonRetriable ? 1 : 0).Failure(failure.InnerFailure);
        }
    }

    private void Tags(IDictionary<string, string>? tags)
    {
        Number(tags?.Count ?? -1);
        foreach ((string name, string value) in tags ?? new Dictionary<string, string>())
        {
            Text(name).Text(value);
        }
    }

    private EventWriter Time(DateTime time)
    {
        Number(time.Ticks - _lastTicks);
        _lastTicks = time.Ticks;
        return this;
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

    private EventWriter Unsigned(ulong value)
    {
        Span<byte> span = _buffer.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
        return this;
    }
}
