using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>The feature flags and the filters they may use.</summary>
public static class FlagNames
{
    public const string UnifiedPipeline = "UnifiedPipeline";
    public const string Comparison = "UnifiedPipeline.Comparison";
    public const string Analysis = "UnifiedPipeline.Analysis";
    public const string AnalysisFallback = "UnifiedPipeline.Analysis.Fallback";
    public const string Preparation = "UnifiedPipeline.Preparation";
    public const string PreparationFallback = "UnifiedPipeline.Preparation.Fallback";
    public const string LegacyCommands = "LegacyCommands";
    public const string AutomaticTriggers = "AutomaticTriggers";
    public const string AutomaticTriggersTimer = "AutomaticTriggers.Timer";
    public const string AutomaticRollback = "AutomaticRollback";

    public const string IssueLabelFilter = "SiteMonitor.IssueLabel";
    public const string TargetingFilter = "Microsoft.Targeting";
    public const string TimeWindowFilter = "Microsoft.TimeWindow";

    /// <summary>All flags of the application, in display order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        UnifiedPipeline, Analysis, Preparation, AnalysisFallback, PreparationFallback, Comparison,
        AutomaticTriggers, AutomaticTriggersTimer, LegacyCommands, AutomaticRollback,
    ];

    private static readonly string[] Filters = [IssueLabelFilter, TargetingFilter, TimeWindowFilter];

    /// <summary>The filters that a flag supports. A flag that is evaluated without an issue supports none that needs one.</summary>
    public static IReadOnlyList<string> GetAllowedFilters(string flag) => flag switch
    {
        UnifiedPipeline => [IssueLabelFilter, TargetingFilter],
        AutomaticTriggers or AutomaticTriggersTimer => [TimeWindowFilter],
        _ => All.Contains(flag) ? [] : Filters,
    };

    /// <summary>Returns the filter's canonical name: case does not matter, and the part before the last dot may be missing.</summary>
    internal static string NormalizeFilter(string name) =>
        Filters.FirstOrDefault(f => f.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? Filters.FirstOrDefault(f => !name.Contains('.') && f.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase))
        ?? name;

    public static string For(Stage stage) => stage == Stage.Analysis ? Analysis : Preparation;

    public static string FallbackFor(Stage stage) => stage == Stage.Analysis ? AnalysisFallback : PreparationFallback;
}
