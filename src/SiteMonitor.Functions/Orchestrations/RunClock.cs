using Microsoft.DurableTask;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>Measures a run by the orchestration's clock, without the waits for rate limits, the write queue and a free slot.</summary>
internal sealed class RunClock(TaskOrchestrationContext context)
{
    private readonly DateTime _started = context.CurrentUtcDateTime;
    private long? _lastWriteMs;
    private long _excludedMs;

    public DateTimeOffset Started => ToUtc(_started);

    public DateTimeOffset Now => ToUtc(context.CurrentUtcDateTime);

    /// <summary>Milliseconds from the start to the last write, or to now when nothing was written.</summary>
    public long DurationMs => _lastWriteMs ?? ElapsedMs;

    /// <summary>Milliseconds since the start, without what was excluded.</summary>
    public long ElapsedMs => Math.Max(0, (long)(context.CurrentUtcDateTime - _started).TotalMilliseconds - _excludedMs);

    /// <summary>Notes that an activity wrote to the issue just now.</summary>
    public void MarkWrite() => _lastWriteMs = ElapsedMs;

    /// <summary>Leaves out time in which the run did no work of its own.</summary>
    public void Exclude(long milliseconds) => _excludedMs += milliseconds;

    private static DateTimeOffset ToUtc(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
