using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Functions.Activities;

/// <param name="Labels">The labels.</param>
/// <param name="FirstStage">The stage the run begins with.</param>
/// <param name="InputHash">Over what a decision depends on.</param>
/// <param name="IsAutomatic">Nobody asked for this very issue: what was handled before and has not changed is left alone.</param>
public sealed record DecideRouteInput(IReadOnlyList<string> Labels, Stage FirstStage, string InputHash, bool IsAutomatic) : ActivityInput
{
    /// <summary>The old command that asks for the legacy logic; empty: the flags decide.</summary>
    public string LegacyFor { get; init; } = string.Empty;
}
