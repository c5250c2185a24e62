using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>Changes of flags, forward ones, that another has replaced. A write of it that was under way may still land after the other one has looked.</summary>
/// <param name="Targets">What they would have written.</param>
/// <param name="At">When the last of them was replaced.</param>
public sealed record SupersededChange(IReadOnlyList<FlagTarget> Targets, DateTimeOffset At);
