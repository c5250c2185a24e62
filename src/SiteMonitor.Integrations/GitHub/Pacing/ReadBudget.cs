namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>What the writes leave of a credential's requests and points, divided by the processes that use it.</summary>
/// <remarks>REST and GraphQL share the windows here, which is stricter than GitHub. Not thread-safe.</remarks>
internal sealed class ReadBudget(PacingRules rules, double timeScale)
{
    private readonly SlidingWindow _requests = new(TimeSpan.FromHours(1) / timeScale);
    private readonly SlidingWindow _points = new(TimeSpan.FromMinutes(1) / timeScale);

    /// <param name="processes">Those that share the budget.</param>
    public TimeSpan GetWait(ProcessCount processes, DateTimeOffset now)
    {
        TimeSpan wait = GetWait(processes.Current, now);
        TimeSpan start = processes.RemainingStartPeriod;
        if (start == TimeSpan.Zero)
        {
            return wait;
        }

        // After a start the share is smaller, but not for longer than the start period.
        TimeSpan atStart = GetWait(processes.Maximum, now);
        atStart = atStart < start ? atStart : start;
        return atStart > wait ? atStart : wait;
    }

    public void Begin()
    {
        _requests.Begin(1);
        _points.Begin(RequestCost.ReadPoints);
    }

    /// <param name="free">GitHub does not count it (an answer 304).</param>
    public void End(DateTimeOffset now, bool free)
    {
        _requests.End(1, now, free);
        _points.End(RequestCost.ReadPoints, now, free);
    }

    private TimeSpan GetWait(int processes, DateTimeOffset now)
    {
        TimeSpan byRequests = _requests.GetWait(1, Share(rules.ReadsPerHour, processes), now);
        TimeSpan byPoints = _points.GetWait(RequestCost.ReadPoints, Share(rules.ReadPointsPerMinute, processes), now);
        return byRequests > byPoints ? byRequests : byPoints;
    }

    private static int Share(int limit, int processes) => Math.Max(1, limit / processes);
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
