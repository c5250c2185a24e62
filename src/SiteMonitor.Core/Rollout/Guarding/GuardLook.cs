using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What came of one look.</summary>
/// <param name="Memory">To keep for the next look.</param>
/// <param name="Verdict">Null: nothing to do.</param>
public sealed record GuardLook(GuardMemory Memory, GuardVerdict? Verdict);
