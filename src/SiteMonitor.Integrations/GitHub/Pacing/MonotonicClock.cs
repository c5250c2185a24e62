namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>The time since this was created, as a time of day: it never jumps when the system clock is set.</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly DateTimeOffset _origin = time.GetUtcNow();
    private readonly long _stamp = time.GetTimestamp();

    public DateTimeOffset Now => _origin + time.GetElapsedTime(_stamp);
}
