using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Decides from the feature flags what the pipeline may do.</summary>
public interface IRoutePolicy
{
    /// <summary>Decides for one issue from a flag snapshot at most 30 s old.</summary>
    Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken);

    /// <summary>Decides from the given flags, which need not be the ones in effect.</summary>
    Task<RouteDecision> DecideAsync(
        FlagSnapshot flags, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken);

    /// <summary>Checks the kill switch just before stages write: false if the flags changed the logic of one of them.</summary>
    Task<bool> IsStillValidAsync(
        RouteDecision decision, IReadOnlyList<Stage> stages, IssueRef issue, IReadOnlyCollection<string> labels,
        CancellationToken cancellationToken);

    /// <summary>Whether a trigger may start work now.</summary>
    Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken);

    Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken);
}

public enum AutomaticTrigger
{
    Webhook,
    Timer,
}

/// <summary>Which logic works on an issue: read from the flags once a run, kept in the run's history and its ledger record.</summary>
public sealed record RouteDecision
{
    /// <summary>What <c>UnifiedPipeline</c> says for this issue: <see cref="Logic.Unified"/> or <see cref="Logic.Legacy"/>.</summary>
    public required Logic Route { get; init; }

    /// <summary>Display text: <c>Targeting 20 %: bucket 37.2</c>.</summary>
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

/// <param name="Reason">Display text, when it may not.</param>
public sealed record TriggerDecision(bool MayStart, string Reason);
