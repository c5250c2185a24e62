namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>How many processes use a credential, as far as this one knows.</summary>
/// <param name="max">The configured maximum.</param>
internal sealed class ProcessCount(MonotonicClock clock, int max)
{
    /// <summary>How long a new process assumes the maximum; by then it has seen those that are active.</summary>
    private static readonly TimeSpan StartPeriod = 2 * SharedPacingRecord.RefreshAge;

    private readonly int _max = max;
    private DateTimeOffset _startPeriodEndsAt = DateTimeOffset.MaxValue;
    private volatile int _seen = max;

    /// <summary>Active processes; the configured maximum while the number is unknown.</summary>
    public int Current => _seen;

    /// <summary>The larger of the configured maximum and the number seen.</summary>
    public int Maximum => Math.Max(_max, _seen);

    /// <summary>How much longer others may have started at the same time as this process without being seen yet.</summary>
    public TimeSpan RemainingStartPeriod => _startPeriodEndsAt > clock.Now ? _startPeriodEndsAt - clock.Now : TimeSpan.Zero;

    public void Set(int seen)
    {
        if (_startPeriodEndsAt == DateTimeOffset.MaxValue)
        {
            _startPeriodEndsAt = clock.Now + StartPeriod;
        }

        _seen = seen;
    }

    public void SetUnknown() => _seen = _max;
}
