namespace SiteMonitor.Core.Contracts;

/// <summary>Answer of <c>GET health</c>: 200 while <c>ok</c> or <c>degraded</c>, 503 when <c>failing</c>. Names no secret.</summary>
public sealed record HealthReport
{
    public const string Ok = "ok";
    public const string Degraded = "degraded";
    public const string Failing = "failing";

    public required string Status { get; init; }

    public required string Version { get; init; }

    public required IReadOnlyList<HealthEntry> Checks { get; init; }
}

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">For example <c>flags</c>.</param>
/// <param name="Status"><c>ok</c>, <c>degraded</c> or <c>failing</c>.</param>
/// <param name="Detail">For people: what is wrong and what to do.</param>
public sealed record HealthEntry(string Name, string Status, string Detail);
