using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Tracing;
using DurableTask.Sqlite.Storage;
using FsCheck.Xunit;
using Newtonsoft.Json;

namespace DurableTask.Sqlite.Tests;

public sealed class EventEncodingTests
{
    private static readonly DateTime s_time = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static readonly FailureDetails s_failure =
        new("A.B", "line 1\nline 2", "at C", new FailureDetails("D", "inner", null, null, isNonRetriable: false), isNonRetriable: true);

    private static readonly Dictionary<string, string> s_tags = new() { ["source"] = "webhook", ["empty"] = string.Empty };

    public static TheoryData<HistoryEvent> Events =>
    [
        new OrchestratorStartedEvent(-1),
        new OrchestratorCompletedEvent(-1),
        Start(),
        new ExecutionStartedEvent(-1, null) { Name = "N", OrchestrationInstance = new OrchestrationInstance { InstanceId = "i",
            ExecutionId = "e" } },
        new ExecutionCompletedEvent(7, "result", OrchestrationStatus.Completed),
        new ExecutionCompletedEvent(7, null, OrchestrationStatus.Failed, s_failure),
        new ExecutionTerminatedEvent(-1, "reason"),
        new ExecutionSuspendedEvent(-1, null),
        new ExecutionResumedEvent(-1, "reason"),
        new TaskScheduledEvent(3) { Name = "A", Version = "1.0", Input = "[1]", Tags = s_tags },
        new TaskScheduledEvent(3) { Name = "A", Input = "[1]",
            ParentTraceContext = new DistributedTraceContext("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "a=b") },
        new TaskCompletedEvent(-1, 3, "\"ünïcödé 🚀\""),
        new TaskFailedEvent(-1, 3, "reason", "details", s_failure),
        new SubOrchestrationInstanceCreatedEvent(4) { Name = "S", Version = "", InstanceId = "child", Input = "2", ClientSpanId = "span",
            Tags = s_tags },
        new SubOrchestrationInstanceCompletedEvent(-1, 4, null),
        new SubOrchestrationInstanceFailedEvent(-1, 4, "reason", null, s_failure),
        new TimerCreatedEvent(5, s_time.AddDays(400)),
        new TimerFiredEvent(-1) { TimerId = 5, FireAt = s_time.AddHours(-1) },
        new EventSentEvent(6) { InstanceId = "other", Name = "Go", Input = "{}" },
        new EventRaisedEvent(-1, "{}") { Name = "Go" },
    ];

    [Theory, MemberData(nameof(Events), DisableDiscoveryEnumeration = true)]
    public void What_Was_Encoded_Is_Decoded(HistoryEvent step)
    {
        step.Timestamp = s_time;
        HistoryEvent decoded = EventReader.ReadOne(EventWriter.Encode(step));
        Assert.IsType(step.GetType(), decoded);
        Assert.Equal(JsonConvert.SerializeObject(step), JsonConvert.SerializeObject(decoded));
    }

    [Fact]
    public void A_Row_Refers_To_The_Start_Event_And_Keeps_The_Order_And_The_Times()
    {
        ExecutionStartedEvent start = Start();
        HistoryEvent[] turn = [new OrchestratorStartedEvent(-1), start, new TimerCreatedEvent(0, s_time.AddDays(1)),
            new OrchestratorCompletedEvent(-1)];
        for (int n = 0; n < turn.Length; n++)
        {
            turn[n].Timestamp = s_time.AddTicks(n * 7);
        }

        byte[] row = EventWriter.Encode(turn);
        List<HistoryEvent> decoded = [];
        new EventReader(row, start).ReadAll(decoded);

        Assert.Same(start, decoded[1]);
        Assert.Equal(turn.Select(e => (e.EventType, e.Timestamp)), decoded.Select(e => (e.EventType, e.Timestamp)));
    }

    [Fact]
    public void Events_That_Are_Not_Supported_Are_Named() =>
        Assert.Contains("GenericEvent",
            Assert.Throws<NotSupportedException>(() => EventWriter.Encode(new GenericEvent(1, "x"))).Message,
                StringComparison.Ordinal);

    [Property]
    public void Whatever_The_Values_Are_They_Come_Back(int id, string? input, DateTime time)
    {
        TaskCompletedEvent step = new(id, id, input) { Timestamp = DateTime.SpecifyKind(time, DateTimeKind.Utc) };
        TaskCompletedEvent decoded = (TaskCompletedEvent)EventReader.ReadOne(EventWriter.Encode(step));
        Assert.Equal((step.EventId, step.TaskScheduledId, step.Timestamp), (decoded.EventId, decoded.TaskScheduledId, decoded.Timestamp));
        Assert.Equal(input is null ? null : Encode(input), decoded.Result is null ? null : Encode(decoded.Result));
    }

    [Property]
    public void Bytes_That_Are_No_Events_Are_Refused_Or_Read_But_Never_Hang(byte[] bytes)
    {
        Exception? failure = Record.Exception(() => EventReader.ReadOne(bytes));
        Assert.True(failure is null or FormatException or ArgumentException or InvalidCastException or OverflowException, $"{failure}");
    }

    private static byte[] Encode(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static ExecutionStartedEvent Start() => new(-1, "\"input\"")
    {
        Name = "N",
        Version = "2.0",
        Tags = s_tags,
        OrchestrationInstance = new OrchestrationInstance { InstanceId = "i", ExecutionId = "e" },
        ScheduledStartTime = s_time.AddHours(1),
        ParentInstance = new ParentInstance
        {
            Name = "P", Version = "1", TaskScheduleId = 9, OrchestrationInstance = new OrchestrationInstance { InstanceId = "p",
                ExecutionId = "pe" },
        },
        ParentTraceContext = new DistributedTraceContext("00-11111111111111111111111111111111-2222222222222222-01", "state")
        {
            Id = "id", SpanId = "span", ActivityStartTime = new DateTimeOffset(s_time.AddSeconds(-1)),
        },
    };
}
