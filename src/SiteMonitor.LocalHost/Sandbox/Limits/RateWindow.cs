namespace SiteMonitor.LocalHost.Sandbox.Limits;

/// <summary>A counter that starts anew when its window has passed.</summary>
internal sealed class RateWindow(int limit, TimeSpan length)
{
    private DateTimeOffset _end;
    private int _used;

    public int Limit { get; } = limit;

    public int Used(DateTimeOffset now) => now >= _end ? 0 : _used;

    public int Remaining(DateTimeOffset now) => Math.Max(0, Limit - Used(now));

    public DateTimeOffset ResetAt(DateTimeOffset now) => now >= _end ? now + length : _end;

    public bool Has(int cost, DateTimeOffset now) => Used(now) + cost <= Limit;

    public void Take(int cost, DateTimeOffset now)
    {
        if (now >= _end)
        {
            _end = now + length;
            _used = 0;
        }

        _used += cost;
    }

    public void Refund(int cost) => _used = Math.Max(0, _used - cost);
}
