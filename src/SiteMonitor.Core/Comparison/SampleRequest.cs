namespace SiteMonitor.Core.Comparison;

/// <summary>Body of <c>POST comparison</c>: take existing issues and let both sides decide; nothing is written to them.</summary>
public sealed record SampleRequest
{
    public const int MaxSample = 200;

    /// <summary>How many issues on which the legacy rules match, 1 to <see cref="MaxSample"/>.</summary>
    public int Sample { get; init; } = 20;

    /// <summary><c>owner/name</c>; empty takes every configured repository.</summary>
    public string Repository { get; init; } = string.Empty;

    /// <summary>Canonical names of issues not to take: those of the requests before, where one went on. Issues compared since the phase's evidence began are not taken again anyway.</summary>
    public IReadOnlyList<string> Skip { get; init; } = [];

    /// <summary>Only look; do not count the result towards the gate either.</summary>
    public bool DryRun { get; init; }
}
