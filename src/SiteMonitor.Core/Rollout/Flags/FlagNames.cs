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
            "Sends issues to the unified pipeline: issues with a given label, a percentage of all issues, "
                + "and named repositories or issues. All others, and all issues when it is off, go through the legacy logic.",
            [IssueLabelFilter, TargetingFilter]),
        [Analysis] = (
            "The unified pipeline analyzes issues with the model. "
                + "When off, UnifiedPipeline.Analysis.Fallback decides what happens instead.", []),
        [Preparation] = (
            "The unified pipeline writes the guidance and assigns Copilot. "
                + "When off, UnifiedPipeline.Preparation.Fallback decides what happens instead.", []),
        [AnalysisFallback] = (
            "While UnifiedPipeline.Analysis is off, the legacy logic analyzes the issue. "
                + "When this flag is off as well, the issue waits, and a comment says so.", []),
        [PreparationFallback] = (
            "While UnifiedPipeline.Preparation is off, the legacy logic prepares the issue. "
                + "When this flag is off as well, the issue waits, and a comment says so.", []),
        [Comparison] = (
            "The unified pipeline and the legacy logic both decide on each issue, and differences are recorded. "
                + "Only the one that UnifiedPipeline selects acts. When off, only that one decides.", []),
        [AutomaticTriggers] = (
            "The webhook starts runs. When off, it starts none and its deliveries are answered with the reason.", [TimeWindowFilter]),
        [AutomaticTriggersTimer] = (
            "A timer starts runs every four hours on issues that wait for a run. When off, it starts none.", [TimeWindowFilter]),
        [LegacyCommands] = (
            "Sets how the old commands behave: available, deprecated, redirected or removed. When off, they are available.", []),
        [AutomaticRollback] = ("The guard rolls back by itself when a signal fires. When off, it only opens an incident.", []),
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
