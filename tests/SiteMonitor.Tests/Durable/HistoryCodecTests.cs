using System.Buffers;
using FsCheck.Xunit;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.Tests.Durable;

public sealed class HistoryCodecTests
{
    [Property]
    public void What_Was_Written_Is_Read(bool withFailure, ushort taskId, string? name, string? payload, string? instanceId, long ticks)
    {
        Failure failure = new(name ?? "type", payload ?? "message", instanceId, new Failure("inner", "cause", null, null));
        HistoryEvent step = new(withFailure ? HistoryEventKind.TaskFailed : HistoryEventKind.SubOrchestrationScheduled)
        {
            TaskId = taskId,
            Name = Text(name),
            Payload = Text(payload),
            InstanceId = Text(instanceId),
            Version = Text(name),
            Tags = Text(payload),
            Time = new DateTime(Math.Abs(ticks % DateTime.MaxValue.Ticks), DateTimeKind.Utc),
            Failure = withFailure ? failure with { Type = Text(failure.Type)!, Message = Text(failure.Message)!, StackTrace = Text(failure.StackTrace) } : null,
        };
        ArrayBufferWriter<byte> bytes = new();
        HistoryCodec.Write(bytes, step);
        HistoryCodec.Write(bytes, new HistoryEvent(HistoryEventKind.ExecutionStarted));

        List<HistoryEvent> read = [];
        HistoryCodec.Read(bytes.WrittenSpan, read);

        Assert.Equal([step, new HistoryEvent(HistoryEventKind.ExecutionStarted)], read);
    }

    /// <summary>Half a surrogate pair is no text and is not kept as one.</summary>
    private static string? Text(string? text) => text is null ? null : string.Concat(text.Where(c => !char.IsSurrogate(c)));
}
