using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace SiteMonitor.LocalHost.Durable.History;

/// <summary>Events as bytes: a kind, a byte that says which members follow, then those members. Numbers are variable-length, texts are UTF-8 after their length.</summary>
internal static class HistoryCodec
{
    public static void Write(IBufferWriter<byte> output, HistoryEvent step)
    {
        Members members = MembersOf(step);
        WriteByte(output, (byte)step.Kind);
        WriteByte(output, (byte)members);
        if (members.HasFlag(Members.TaskId))
        {
            WriteNumber(output, (ulong)step.TaskId);
        }

        if (members.HasFlag(Members.Time))
        {
            BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), step.Time.Ticks);
            output.Advance(sizeof(long));
        }

        WriteText(output, step.Name);
        WriteText(output, step.Payload);
        WriteText(output, step.InstanceId);
        WriteText(output, step.Version);
        WriteText(output, step.Tags);
        if (step.Failure is { } failure)
        {
            WriteFailure(output, failure);
        }
    }

    /// <summary>Appends the events of one stored turn to <paramref name="events"/>.</summary>
    public static void Read(ReadOnlySpan<byte> input, List<HistoryEvent> events)
    {
        while (!input.IsEmpty)
        {
            events.Add(ReadEvent(ref input));
        }
    }

    private static HistoryEvent ReadEvent(ref ReadOnlySpan<byte> input)
    {
        HistoryEventKind kind = (HistoryEventKind)input[0];
        Members members = (Members)input[1];
        input = input[2..];
        return new HistoryEvent(kind)
        {
            TaskId = members.HasFlag(Members.TaskId) ? (int)ReadNumber(ref input) : -1,
            Time = members.HasFlag(Members.Time) ? ReadTime(ref input) : default,
            Name = members.HasFlag(Members.Name) ? ReadText(ref input) : null,
            Payload = members.HasFlag(Members.Payload) ? ReadText(ref input) : null,
            InstanceId = members.HasFlag(Members.InstanceId) ? ReadText(ref input) : null,
            Version = members.HasFlag(Members.Version) ? ReadText(ref input) : null,
            Tags = members.HasFlag(Members.Tags) ? ReadText(ref input) : null,
            Failure = members.HasFlag(Members.Failure) ? ReadFailure(ref input) : null,
        };
    }

    private static Members MembersOf(HistoryEvent step) =>
        (step.TaskId >= 0 ? Members.TaskId : 0)
        | (step.Time != default ? Members.Time : 0)
        | (step.Name is not null ? Members.Name : 0)
        | (step.Payload is not null ? Members.Payload : 0)
        | (step.InstanceId is not null ? Members.InstanceId : 0)
        | (step.Version is not null ? Members.Version : 0)
        | (step.Tags is not null ? Members.Tags : 0)
        | (step.Failure is not null ? Members.Failure : 0);

    private static void WriteFailure(IBufferWriter<byte> output, Failure failure)
    {
        WriteByte(output, (byte)((failure.StackTrace is null ? 0 : 1) | (failure.Inner is null ? 0 : 2)));
        WriteText(output, failure.Type);
        WriteText(output, failure.Message);
        WriteText(output, failure.StackTrace);
        if (failure.Inner is { } inner)
        {
            WriteFailure(output, inner);
        }
    }

    private static Failure ReadFailure(ref ReadOnlySpan<byte> input)
    {
        byte members = input[0];
        input = input[1..];
        string type = ReadText(ref input);
        string message = ReadText(ref input);
        string? stackTrace = (members & 1) == 0 ? null : ReadText(ref input);
        return new Failure(type, message, stackTrace, (members & 2) == 0 ? null : ReadFailure(ref input));
    }

    private static void WriteByte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    private static void WriteNumber(IBufferWriter<byte> output, ulong value)
    {
        Span<byte> span = output.GetSpan(10);
        int length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }

    private static ulong ReadNumber(ref ReadOnlySpan<byte> input)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = input[0];
            input = input[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static void WriteText(IBufferWriter<byte> output, string? text)
    {
        if (text is null)
        {
            return;
        }

        WriteNumber(output, (ulong)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    private static string ReadText(ref ReadOnlySpan<byte> input)
    {
        int length = (int)ReadNumber(ref input);
        string text = Encoding.UTF8.GetString(input[..length]);
        input = input[length..];
        return text;
    }

    private static DateTime ReadTime(ref ReadOnlySpan<byte> input)
    {
        DateTime time = new(BinaryPrimitives.ReadInt64LittleEndian(input), DateTimeKind.Utc);
        input = input[sizeof(long)..];
        return time;
    }

    [Flags]
    private enum Members : byte
    {
        TaskId = 1,
        Time = 2,
        Name = 4,
        Payload = 8,
        InstanceId = 16,
        Version = 32,
        Tags = 64,
        Failure = 128,
    }
}
