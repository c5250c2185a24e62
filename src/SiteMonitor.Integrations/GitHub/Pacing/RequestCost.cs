namespace SiteMonitor.Integrations.GitHub.Pacing;

/// <summary>What GitHub's secondary limit counts for a request ("Rate limits for the REST API": GET and queries 1 point, writes and mutations 5).</summary>
internal static class RequestCost
{
    public const int ReadPoints = 1;
    public const int WritePoints = 5;
}
