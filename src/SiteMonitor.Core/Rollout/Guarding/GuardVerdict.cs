using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>The guard's decision to roll back.</summary>
/// <param name="Stages">For a partial rollback, the stage that fails.</param>
/// <param name="Message">What it saw, in figures.</param>
public sealed record RollbackDecision(RollbackKind Kind, IReadOnlyList<Stage> Stages, string Signal, string Message);
