namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>Estimates the clock of the store, in whose time the shared record is written.</summary>
internal sealed class StoreClock(MonotonicClock clock)
{
    /// <summary>The store's clock may be truncated to whole seconds.</summary>
    public static readonly TimeSpan Precision = TimeSpan.FromSeconds(1);

    private long _offset;
    private bool _isKnown;

    /// <summary>Unix milliseconds.</summary>
    public long Now => FromLocal(clock.Now);

    public long FromLocal(DateTimeOffset local) => local.AddTicks(Interlocked.Read(ref _offset)).ToUnixTimeMilliseconds();

    public DateTimeOffset ToLocal(long time) => DateTimeOffset.FromUnixTimeMilliseconds(time).AddTicks(-Interlocked.Read(ref _offset));

    /// <summary>Narrows the estimate by a response: the store looked at its clock between the two local times.</summary>
    public void Adjust(DateTimeOffset sent, DateTimeOffset store, DateTimeOffset received)
    {
        long least = (store - received).Ticks;
        long most = (store + Precision - sent).Ticks;
        Interlocked.Exchange(ref _offset, _isKnown ? Math.Clamp(Interlocked.Read(ref _offset), least, most) : least);
        _isKnown = true;
    }
}

/// <summary>Returns the UTC time at creation plus the elapsed time, so that it never jumps when the system clock is set.</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly DateTimeOffset _origin = time.GetUtcNow();
    private readonly long _stamp = time.GetTimestamp();

    public DateTimeOffset Now => _origin + time.GetElapsedTime(_stamp);
}
