namespace SiteMonitor.Core.Contracts;

/// <summary>
/// Response of <c>GET health</c> and <c>GET health/details</c>: 200 while <c>ok</c> or <c>degraded</c>, 503 when <c>failing</c>. Without
/// secrets; <c>health</c>, which needs no key, leaves version and details empty.
/// </summary>
public sealed record HealthReport
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
    public const string Failing = "failing";

    public required string Status { get; init; }

    public required string Version { get; init; }

    public required IReadOnlyList<HealthEntry> Checks { get; init; }
}

/// <summary>The health of one component.</summary>
/// <param name="Name">The component, for example <c>flags</c>.</param>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>failing</c>.</param>
/// <param name="Detail">What is wrong and what to do, as display text.</param>
public sealed record HealthEntry(string Name, string Status, string Detail)
{
    /// <summary>What to do although the component works, as display text; null when there is nothing to do.</summary>
    public string? Next { get; init; }
}
