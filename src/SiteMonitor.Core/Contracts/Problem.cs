namespace SiteMonitor.Core.Contracts;

/// <summary>An error in the format of RFC 9457 (<c>application/problem+json</c>).</summary>
public sealed record Problem
{
    public const string ContentType = "application/problem+json";

    public string Type { get; set; } = "about:blank";

    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>What was wrong and what to do.</summary>
    public string Detail { get; set; } = string.Empty;

    /// <summary>The errors, each with its place: <c>stage: 'x' is not …</c>.</summary>
    public IReadOnlyList<string> Errors { get; set; } = [];
}
