namespace SiteMonitor.Integrations.GitHub;

/// <summary>GitHub's published limits for one credential (docs.github.com, "Rate limits for the REST API" and "… the GraphQL API"); we stay below them.</summary>
public sealed class GitHubLimits
{
    /// <summary>Requests that create content, in a minute. GitHub: 80.</summary>
    public int ContentPerMinute { get; set; } = 80;

    /// <summary>Requests that create content, in an hour. GitHub: 500.</summary>
    public int ContentPerHour { get; set; } = 500;

    /// <summary>Points in a minute; a read counts 1, a write 5. GitHub: 900.</summary>
    public int PointsPerMinute { get; set; } = 900;

    /// <summary>Requests in an hour. GitHub: 5,000.</summary>
    public int RequestsPerHour { get; set; } = 5000;

    /// <summary>How many seconds of these windows pass in one second: 1 at GitHub, more against a simulated GitHub whose windows pass faster.</summary>
    public double TimeScale { get; set; } = 1;
}
