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

    private static readonly string[] Filters = [IssueLabelFilter, TargetingFilter, TimeWindowFilter];

    private static readonly OrderedDictionary<string, (string Description, string[] Filters)> Flags = new()
    {
        [UnifiedPipeline] = (
            "Issues go through the unified pipeline: by label, by percentage (sticky), by repository or issue. Off: the legacy logic.",
            [IssueLabelFilter, TargetingFilter]),
        [Analysis] = ("The analysis stage runs the unified logic.", []),
        [Preparation] = ("The preparation stage runs the unified logic.", []),
        [AnalysisFallback] = ("With the unified analysis switched off, the legacy one runs; off: the issue waits.", []),
        [PreparationFallback] = ("With the unified preparation switched off, the legacy one runs; off: the issue waits.", []),
        [Comparison] = ("Both sides decide, one acts, the difference is recorded.", []),
        [AutomaticTriggers] = ("The webhook starts work.", [TimeWindowFilter]),
        [AutomaticTriggersTimer] = ("The four-hourly timer starts work.", [TimeWindowFilter]),
        [LegacyCommands] = ("The old commands: available, deprecated, redirected or removed.", []),
        [AutomaticRollback] = ("The guard may flip flags by itself.", []),
    };

    /// <summary>All flags of the application, in display order.</summary>
    public static IReadOnlyList<string> All => Flags.Keys;

    /// <summary>The filters that a flag supports. A flag that is evaluated without an issue supports none that needs one.</summary>
    public static IReadOnlyList<string> GetAllowedFilters(string flag) => Flags.TryGetValue(flag, out var known) ? known.Filters : Filters;

    /// <summary>Returns what a flag does, as display text.</summary>
    public static string Describe(string flag) => Flags.TryGetValue(flag, out var known) ? known.Description : flag;

    /// <summary>Returns the filter's canonical name: case does not matter, and the part before the last dot may be missing.</summary>
    internal static string NormalizeFilter(string name) =>
        Filters.FirstOrDefault(f => f.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? Filters.FirstOrDefault(f => !name.Contains('.') && f.EndsWith($".{name}", StringComparison.OrdinalIgnoreCase))
        ?? name;

    public static string For(Stage stage) => stage == Stage.Analysis ? Analysis : Preparation;

    public static string FallbackFor(Stage stage) => stage == Stage.Analysis ? AnalysisFallback : PreparationFallback;
}
