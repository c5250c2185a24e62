using Microsoft.DurableTask;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>A run's time as the ledger counts it: by the orchestration's clock, without the waits for rate limits and the write queue.</summary>
internal sealed class RunClock(TaskOrchestrationContext context, ActivityCaller steps)
{
    private readonly DateTime _started = context.CurrentUtcDateTime;
    private long? _lastWriteMs;
    private long _leftOutMs;

    public DateTimeOffset Started => AsUtc(_started);

    public DateTimeOffset Now => AsUtc(context.CurrentUtcDateTime);

    /// <summary>From the start to the last write; to now when nothing was written.</summary>
    public long DurationMs => _lastWriteMs ?? WorkedMs;

    /// <summary>Call after each step that wrote.</summary>
    public void MarkWrite() => _lastWriteMs = WorkedMs;

    /// <summary>Time that is not the run's own work.</summary>
    public void Exclude(long milliseconds) => _leftOutMs += milliseconds;

    public Lap Start() => new(this, WorkedMs);

    private long WorkedMs =>
        Math.Max(0, (long)(context.CurrentUtcDateTime - _started - steps.Waited).TotalMilliseconds - steps.Usage.WaitMs - _leftOutMs);

    private static DateTimeOffset AsUtc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    /// <summary>Measures one stage.</summary>
    internal readonly record struct Lap(RunClock Clock, long FromMs)
    {
        public long Milliseconds => Clock.WorkedMs - FromMs;
    }
}
