namespace SiteMonitor.Core.Comparison;

/// <summary>Answer to <c>POST comparison</c>.</summary>
public sealed record SampleAnswer
{
    public required ConsistencyReport Report { get; init; }

    /// <summary>Issues that were left out, each with the reason.</summary>
    public required IReadOnlyList<string> LeftOut { get; init; }

    /// <summary>Whether the comparisons count towards the gate.</summary>
    public required bool Recorded { get; init; }
}
