namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Returns the UTC time at creation plus the elapsed time, so that it never jumps when the system clock is set.</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly DateTimeOffset _origin = time.GetUtcNow();
    private readonly long _stamp = time.GetTimestamp();

    public DateTimeOffset Now => _origin + time.GetElapsedTime(_stamp);
}
