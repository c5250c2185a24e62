namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>All of GitHub's limits for one credential. REST and GraphQL share the windows here, which is stricter than GitHub.</summary>
internal sealed class RequestBudget
{
    private readonly SlidingWindow _requests;
    private readonly SlidingWindow _points;
    private readonly SlidingWindow _contentMinute;
    private readonly SlidingWindow _contentHour;

    public RequestBudget(GitHubLimits limits)
    {
        TimeSpan minute = TimeSpan.FromMinutes(1) / limits.TimeScale;
        TimeSpan hour = TimeSpan.FromHours(1) / limits.TimeScale;
        _requests = new SlidingWindow(limits.RequestsPerHour, hour);
        _points = new SlidingWindow(limits.PointsPerMinute, minute);
        _contentMinute = new SlidingWindow(limits.ContentPerMinute, minute);
        _contentHour = new SlidingWindow(limits.ContentPerHour, hour);
    }

    public TimeSpan GetWait(RequestKind kind, DateTimeOffset now)
    {
        TimeSpan wait = Longer(_requests.GetWait(1, now), _points.GetWait(Points(kind), now));
        return kind == RequestKind.Write ? Longer(wait, Longer(_contentMinute.GetWait(1, now), _contentHour.GetWait(1, now))) : wait;
    }

    public void Begin(RequestKind kind)
    {
        _requests.Begin(1);
        _points.Begin(Points(kind));
        if (kind == RequestKind.Write)
        {
            _contentMinute.Begin(1);
            _contentHour.Begin(1);
        }
    }

    public void End(RequestKind kind, DateTimeOffset now, bool free)
    {
        _requests.End(1, now, free);
        _points.End(Points(kind), now, free);
        if (kind == RequestKind.Write)
        {
            _contentMinute.End(1, now);
            _contentHour.End(1, now);
        }
    }

    private static int Points(RequestKind kind) => kind == RequestKind.Write ? RequestCost.WritePoints : RequestCost.ReadPoints;

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;
}

/// <summary>How a request counts in the usage and in GitHub's limits.</summary>
public enum RequestKind
{
    Read,

    /// <summary>Changes data: paced, and counted as content-creating.</summary>
    Write,

    /// <summary>Requests a token with a separate credential: not paced, and counted as extra.</summary>
    SignIn,
}

/// <summary>Points per request in GitHub's secondary limit ("Rate limits for the REST API": reads 1, writes 5).</summary>
internal static class RequestCost
{
    public const int ReadPoints = 1;
    public const int WritePoints = 5;
}
