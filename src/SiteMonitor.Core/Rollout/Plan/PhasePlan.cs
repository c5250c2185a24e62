using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>One phase.</summary>
public sealed record PhasePlan
{
    /// <summary>Lower case with hyphens: <c>soft-launch</c>.</summary>
    public required string Name { get; init; }

    public required string Title { get; init; }

    public required PhaseFlags Flags { get; init; }

    /// <summary>All must be met to leave the phase.</summary>
    public IReadOnlyList<Criterion> Gate { get; init; } = [];

    /// <summary>
    /// The most issues of the backlog that batches and the timer start, by UTC day and repository; null: all. The backlog is what was
    /// opened before the phase began and never started; <c>urgent</c> issues and single starts by hand do not count.
    /// </summary>
    public int? Intake { get; init; }

    /// <summary>Which workflows run in this phase: <c>old</c>, <c>both</c>, <c>new</c> or <c>none</c>.</summary>
    public WorkflowMode Workflows { get; init; } = WorkflowMode.Old;

    /// <summary>Announced when the phase is entered.</summary>
    public string Message { get; init; } = string.Empty;
}

/// <summary>The settings of a phase's flags.</summary>
/// <param name="Webhook">The flag <c>AutomaticTriggers</c>.</param>
/// <param name="Timer">The flag <c>AutomaticTriggers.Timer</c>.</param>
public sealed record PhaseFlags(
    PipelineFlag UnifiedPipeline, bool Analysis, bool Preparation, bool AnalysisFallback, bool PreparationFallback, bool Comparison,
    bool Webhook, bool Timer, LegacyCommandMode LegacyCommands, bool AutomaticRollback)
{
    /// <summary>
    /// The flags in the order to write them: fallbacks first and <c>UnifiedPipeline</c> last, so that a change cut short
    /// never routes an issue to something that is not there yet.
    /// </summary>
    public IReadOnlyList<FlagTarget> Targets() =>
    [
        new(FlagNames.AutomaticRollback, FlagSetting.Switch(AutomaticRollback)),
        new(FlagNames.AnalysisFallback, FlagSetting.Switch(AnalysisFallback)),
        new(FlagNames.PreparationFallback, FlagSetting.Switch(PreparationFallback)),
        new(FlagNames.Analysis, FlagSetting.Switch(Analysis)),
        new(FlagNames.Preparation, FlagSetting.Switch(Preparation)),
        new(FlagNames.Comparison, FlagSetting.Switch(Comparison)),
        new(FlagNames.LegacyCommands, FlagSetting.Of(LegacyCommands)),
        new(FlagNames.AutomaticTriggersTimer, FlagSetting.Switch(Timer)),
        new(FlagNames.AutomaticTriggers, FlagSetting.Switch(Webhook)),
        new(FlagNames.UnifiedPipeline, UnifiedPipeline.Enabled
            ? FlagSetting.On with
            {
                Labels = [.. UnifiedPipeline.Labels.Order(StringComparer.Ordinal)],
                Percentage = UnifiedPipeline.Percentage,
            }
            : FlagSetting.Off),
    ];
}

/// <summary>The flag <c>UnifiedPipeline</c> in a phase.</summary>
public sealed record PipelineFlag
{
    public required bool Enabled { get; init; }

    /// <summary>Issues with one of these labels go through the unified pipeline.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>0 to 100, sticky.</summary>
    public double Percentage { get; init; }
}

/// <summary>Which GitHub workflows are enabled in a phase.</summary>
public enum WorkflowMode
{
    Old,
    Both,
    New,
}
