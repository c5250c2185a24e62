namespace SiteMonitor.Sandbox.Limits;

/// <summary>
/// GitHub's rate limits for one token: 5,000 requests per hour each for REST and GraphQL; per minute 900 points for REST and 2,000 for
/// GraphQL (reads 1, writes 5); 80 content-creating requests per minute, 500 per hour. Every write counts as content-creating, the stricter
/// interpretation. Source: docs.github.com, "Rate limits for the REST API" and "Rate limits and query limits for the GraphQL API".
/// </summary>
internal sealed class TokenLimits(double timeScale)
{
    private readonly Lock _gate = new();
    private readonly RateWindow _core = new(5000, TimeSpan.FromHours(1) / timeScale);
    private readonly RateWindow _graph = new(5000, TimeSpan.FromHours(1) / timeScale);
    private readonly RateWindow _restPoints = new(900, TimeSpan.FromMinutes(1) / timeScale);
    private readonly RateWindow _graphPoints = new(2000, TimeSpan.FromMinutes(1) / timeScale);
    private readonly RateWindow _contentMinute = new(80, TimeSpan.FromMinutes(1) / timeScale);
    private readonly RateWindow _contentHour = new(500, TimeSpan.FromHours(1) / timeScale);

    /// <summary>Takes the cost of the request, or returns the limit it exceeds; a refused request costs nothing.</summary>
    public LimitDecision Take(RequestKind kind, DateTimeOffset now)
    {
        lock (_gate)
        {
            (string Name, RateWindow Window, int Cost)[] costs = Costs(kind);
            foreach ((string name, RateWindow window, int cost) in costs)
            {
                if (!window.Has(cost, now))
                {
                    return new LimitDecision(name, window.ResetAt(now));
                }
            }

            foreach ((_, RateWindow window, int cost) in costs)
            {
                window.Take(cost, now);
            }

            return new LimitDecision(null, now);
        }
    }

    /// <summary>Returns the cost of a request, because a 304 is free.</summary>
    public void Refund(RequestKind kind)
    {
        lock (_gate)
        {
            foreach ((_, RateWindow window, int cost) in Costs(kind))
            {
                window.Refund(cost);
            }
        }
    }

    public (int Limit, int Remaining, int Used, DateTimeOffset ResetAt) Primary(bool graph, DateTimeOffset now)
    {
        lock (_gate)
        {
            RateWindow window = graph ? _graph : _core;
            return (window.Limit, window.Remaining(now), window.Used(now), window.ResetAt(now));
        }
    }

    private (string Name, RateWindow Window, int Cost)[] Costs(RequestKind kind) => kind switch
    {
        RequestKind.Read => [("primary", _core, 1), ("points", _restPoints, 1)],
        RequestKind.Write => [("primary", _core, 1), ("points", _restPoints, 5), .. ContentCosts()],
        RequestKind.Query => [("primary", _graph, 1), ("points", _graphPoints, 1)],
        _ => [("primary", _graph, 1), ("points", _graphPoints, 5), .. ContentCosts()],
    };

    private (string Name, RateWindow Window, int Cost)[] ContentCosts() =>
        [("content per minute", _contentMinute, 1), ("content per hour", _contentHour, 1)];
}

/// <summary>A counter that is reset when its time window ends.</summary>
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
