namespace SiteMonitor.Core.Contracts;

/// <summary>An error as RFC 9457 has it (<c>application/problem+json</c>).</summary>
public sealed record Problem
{
    public const string ContentType = "application/problem+json";

    public string Type { get; init; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>What was wrong and what to do.</summary>
    public string Detail { get; init; } = string.Empty;

    /// <summary>One entry a fault, each with where it is: <c>stage: 'x' is not …</c>.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];
}
