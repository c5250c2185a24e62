namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>
/// All of GitHub's limits for one credential together. REST and GraphQL count into the same windows: GitHub keeps some of them apart, so
/// this stays on the safe side.
/// </summary>
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

/// <summary>What a request is to the meter and to GitHub's limits.</summary>
public enum RequestKind
{
    Read,

    /// <summary>Changes something: paced, and counted as content-creating.</summary>
    Write,

    /// <summary>Fetches a token with a credential of its own: neither paced nor part of a run's plain way.</summary>
    SignIn,
}

/// <summary>
/// What GitHub's secondary limit counts for a request ("Rate limits for the REST API": GET and queries 1 point, writes and mutations 5).
/// </summary>
internal static class RequestCost
{
    public const int ReadPoints = 1;
    public const int WritePoints = 5;
}
