using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What came of one look.</summary>
/// <param name="State">To keep for the next look.</param>
/// <param name="Decision">Null: nothing to do.</param>
public sealed record GuardEvaluation(GuardState State, RollbackDecision? Decision);
