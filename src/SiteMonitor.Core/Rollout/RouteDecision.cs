namespace SiteMonitor.Core.Rollout;

/// <summary>Which logic works on an issue: read from the flags once a run, kept in the run's history and its ledger record.</summary>
public sealed record RouteDecision
{
    /// <summary>What <c>UnifiedPipeline</c> says for this issue: <see cref="Logic.Unified"/> or <see cref="Logic.Legacy"/>.</summary>
    public required Logic Route { get; init; }

    /// <summary>For people: <c>Targeting 20 %: bucket 37.2</c>.</summary>
    public required string Reason { get; init; }

    public required Logic Analysis { get; init; }

    public required Logic Preparation { get; init; }

    /// <summary>Whether both sides decide and are compared.</summary>
    public bool Compare { get; init; }

    /// <summary>Identifies the flags that were read.</summary>
    public required string FlagsRevision { get; init; }

    /// <summary>The rollout phase at that time.</summary>
    public required string Phase { get; init; }

    public Logic For(Stage stage) => stage == Stage.Analysis ? Analysis : Preparation;
}
