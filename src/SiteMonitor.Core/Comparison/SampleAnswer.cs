namespace SiteMonitor.Core.Comparison;

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
