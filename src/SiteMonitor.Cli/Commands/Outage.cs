namespace SiteMonitor.Cli.Commands;

/// <summary>How long the application has not answered, without a break.</summary>
internal sealed class OutageTimer(TimeProvider time, TimeSpan longest)
{
    private DateTimeOffset? _since;

    /// <summary>Notes that there was no answer, and says whether that may still pass.</summary>
    public bool RecordFailure()
    {
        DateTimeOffset now = time.GetUtcNow();
        _since ??= now;
        return now - _since < longest;
    }

    public void Reset() => _since = null;
}
