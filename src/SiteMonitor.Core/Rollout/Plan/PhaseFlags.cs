using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>The flags of a phase: one row of the table in PRODUCT 4.</summary>
public sealed record PhaseFlags
{
    public required PipelineFlag UnifiedPipeline { get; init; }

    public required bool Analysis { get; init; }

    public required bool Preparation { get; init; }

    public required bool AnalysisFallback { get; init; }

    public required bool PreparationFallback { get; init; }

    public required bool Comparison { get; init; }

    public required bool Webhook { get; init; }

    public required bool Timer { get; init; }

    public required LegacyCommandMode LegacyCommands { get; init; }

    public required bool AutomaticRollback { get; init; }

    /// <summary>
    /// What each flag should say, in the order to write them: what issues fall back on first, <c>UnifiedPipeline</c> last, so that a change cut short never routes an issue to something that is not there yet.
    /// </summary>
    public IReadOnlyList<FlagTarget> Targets() =>
    [
        new(FlagNames.AutomaticRollback, FlagSetting.Switch(AutomaticRollback)),
        new(FlagNames.AnalysisFallback, FlagSetting.Switch(AnalysisFallback)),
        new(FlagNames.PreparationFallback, FlagSetting.Switch(PreparationFallback)),
        new(FlagNames.Analysis, FlagSetting.Switch(Analysis)),
        new(FlagNames.Preparation, FlagSetting.Switch(Preparation)),
        new(FlagNames.Comparison, FlagSetting.Switch(Comparison)),
        new(FlagNames.LegacyCommands, new FlagSetting { Enabled = true, Variant = LegacyCommands.ToString().ToLowerInvariant() }),
        new(FlagNames.AutomaticTriggersTimer, FlagSetting.Switch(Timer)),
        new(FlagNames.AutomaticTriggers, FlagSetting.Switch(Webhook)),
        new(FlagNames.UnifiedPipeline, UnifiedPipeline.Enabled
            ? new FlagSetting { Enabled = true, Labels = [.. UnifiedPipeline.Labels.Order(StringComparer.Ordinal)], Percentage = UnifiedPipeline.Percentage }
            : FlagSetting.Off),
    ];
}
