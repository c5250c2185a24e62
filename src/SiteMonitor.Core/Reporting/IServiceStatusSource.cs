namespace SiteMonitor.Core.Reporting;

/// <summary>Lists the services that this process uses, and whether they are down.</summary>
public interface IServiceStatusSource
{
    /// <summary>By name.</summary>
    IReadOnlyList<ServiceStatus> Services { get; }
}

/// <summary>Whether a service is down.</summary>
/// <param name="Name"><c>github</c>, <c>github-copilot</c>, <c>model</c>, <c>app-configuration</c> or <c>channel-…</c>.</param>
/// <param name="DownSince">Null when it is not down.</param>
/// <param name="RetryAt">When it is asked again; null when that may happen now.</param>
public sealed record ServiceStatus(string Name, DateTimeOffset? DownSince, DateTimeOffset? RetryAt);
