namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Carries a rate limit out through Octokit; never leaves this adapter, where it becomes a value.</summary>
/// <param name="wait">From now until another try makes sense.</param>
internal sealed class RateLimitedException(TimeSpan wait) : Exception("A rate limit bars this request.")
{
    public TimeSpan Wait { get; } = wait;
}
