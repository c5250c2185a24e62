namespace SiteMonitor.Integrations.GitHub;

/// <summary>Time as this adapter needs it: what goes over the wire (time-outs, pacing, token lifetimes) follows the machine; times told to orchestrations follow theirs, which may be simulated.</summary>
internal sealed record GitHubClocks(TimeProvider SystemTime, TimeProvider OrchestrationTime)
{
    public DateTimeOffset RetryAt(TimeSpan wait) => OrchestrationTime.GetUtcNow() + wait;
}
