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

/// <summary>Answer to <c>POST comparison</c>.</summary>
public sealed record SampleResponse
{
    public required ConsistencyReport Report { get; init; }

    /// <summary>Issues that were left out, each with the reason.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Whether the comparisons count towards the gate.</summary>
    public required bool Recorded { get; init; }

    /// <summary>How many issues the sample still lacks; those that the legacy rules leave unmatched fill no place.</summary>
    public required int Missing { get; init; }

    /// <summary>Whether the request's time was up before the sample was full or the issues at an end: the same request, with <see cref="SampleRequest.Skip"/> set to <see cref="Seen"/>, goes on.</summary>
    public required bool More { get; init; }

    /// <summary>Canonical names of the issues looked at, those of the request among them.</summary>
    public required IReadOnlyList<string> Seen { get; init; }

    /// <summary>What to do next.</summary>
    public required string Next { get; init; }
}
