namespace SiteMonitor.Core.Specialists;

/// <summary>The labels that carry an issue's state (specialist labels come from the catalogue).</summary>
public static class WorkflowLabels
{
    public const string SiteMonitor = "site-monitor";
    public const string Analyzing = "analyzing";
    public const string Processing = "processing";
    public const string CopilotAssigned = "copilot-assigned";
    public const string Completed = "completed";
    public const string NeedsReview = "needs-review";
    public const string NeedsClarification = "needs clarification";
    public const string Feature = "feature";
    public const string Urgent = "urgent";

    /// <summary>Known specialist labels, with and without a built-in catalogue entry.</summary>
    public static IReadOnlyList<string> KnownSpecialists { get; } =
        ["intelligence-analyst", "osint-researcher", "target-profiler", "business-analyst", "threat-hunter"];

    /// <summary>Labels that hold an issue back until a person removes them.</summary>
    public static IReadOnlyList<string> Holding { get; } = [Feature, NeedsClarification, NeedsReview];

    /// <summary>Labels that stand only while a run works on the issue.</summary>
    public static IReadOnlyList<string> ShortLived { get; } = [Analyzing, Processing];
}
