namespace SiteMonitor.Core.Comparison;

/// <summary>Body of <c>POST comparison</c>: take existing issues and let both sides decide; nothing is written to them.</summary>
public sealed record SampleRequest
{
    public const int MaxSample = 200;

    /// <summary>How many issues, 1 to <see cref="MaxSample"/>.</summary>
    public int Sample { get; init; } = 20;

    /// <summary><c>owner/name</c>; empty takes every configured repository.</summary>
    public string Repository { get; init; } = string.Empty;

    /// <summary>Only look; do not count the result towards the gate either.</summary>
    public bool DryRun { get; init; }
}
