using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>A change of flags that another one has replaced. A write of it that was under way may still land after the other one has looked.</summary>
/// <param name="Targets">What it would have written.</param>
public sealed record OvertakenChange(IReadOnlyList<FlagTarget> Targets, DateTimeOffset At);
