namespace SiteMonitor.Core.Comparison;

/// <summary>Body of <c>POST comparison</c>, which lets both sides decide on existing issues without writing to them.</summary>
public sealed record SampleRequest
{
    public const int MaxSample = 200;

    /// <summary>Number of issues that the legacy rules match, 1 to <see cref="MaxSample"/>.</summary>
    public int Sample { get; set; } = 20;

    /// <summary><c>owner/name</c>; empty for every configured repository.</summary>
    public string Repository { get; set; } = string.Empty;

    /// <summary>Canonical names of issues to leave out: those that earlier requests of the same sample have seen.</summary>
    /// <remarks>Issues compared since the phase's evidence began are always left out.</remarks>
    public IReadOnlyList<string> Skip { get; set; } = [];

    /// <summary>Whether to leave the result out of the gate's evidence.</summary>
    public bool DryRun { get; init; }
}

/// <summary>Response of <c>POST comparison</c>.</summary>
public sealed record SampleResponse
{
    public required ConsistencyReport Report { get; init; }

    /// <summary>Issues that were left out, each with the reason.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Whether the comparisons count towards the gate.</summary>
    public required bool Recorded { get; init; }

    /// <summary>Number of issues that the sample still lacks; unmatched ones do not count.</summary>
    public required int Missing { get; init; }

    /// <summary>
    /// Whether the request ran out of time: the same request with <see cref="SampleRequest.Skip"/> set to <see cref="Seen"/> continues.
    /// </summary>
    public required bool More { get; init; }

    /// <summary>Canonical names of the issues seen so far, those of earlier requests included.</summary>
    public required IReadOnlyList<string> Seen { get; init; }

    /// <summary>What to do next.</summary>
    public required string Next { get; init; }
}
