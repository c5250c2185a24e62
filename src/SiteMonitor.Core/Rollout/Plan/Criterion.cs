namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>One condition of a gate: measured (<see cref="Measure"/>), or confirmed by a person (<see cref="Confirm"/>).</summary>
public sealed record Criterion
{
    /// <summary>Lower case with hyphens, unique within the gate; what <c>rollout confirm</c> names.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    public Measure? Measure { get; init; }

    public Bound Is { get; init; } = Bound.AtMost;

    /// <summary>Shares as 0 to 1, durations in seconds.</summary>
    public double Target { get; init; }

    /// <summary>Below this many samples (runs, compared issues) the criterion stays open. Not having data is never a pass.</summary>
    public int MinimumSample { get; init; } = 1;

    /// <summary>Days the measure looks back, where it does.</summary>
    public int Days { get; init; } = 7;

    /// <summary>What a person has to judge; set instead of a measure.</summary>
    public string? Confirm { get; init; }
}
