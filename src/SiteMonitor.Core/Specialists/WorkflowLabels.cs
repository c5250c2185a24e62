namespace SiteMonitor.Core.Specialists;

/// <summary>The labels that carry an issue's state, and the sets derived from them. Compare labels ignoring case.</summary>
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

    /// <summary>Labels that say a person has to answer.</summary>
    public static IReadOnlyList<string> Waiting { get; } = [NeedsClarification, NeedsReview];

    /// <summary>Labels that hold an issue back until a person removes them.</summary>
    public static IReadOnlyList<string> Holding { get; } = [Feature, .. Waiting];

    /// <summary>Labels that are present only while a run works on the issue.</summary>
    public static IReadOnlyList<string> ShortLived { get; } = [Analyzing, Processing];

    /// <summary>All labels that carry an issue's state; specialist labels are not among them.</summary>
    public static IReadOnlyList<string> State { get; } = [SiteMonitor, .. ShortLived, CopilotAssigned, Completed, .. Holding];

    /// <summary>Labels with a meaning of their own, so that no specialist may be called like one of them.</summary>
    public static IReadOnlyList<string> Reserved { get; } = [.. State, Urgent];

    /// <summary>Returns the specialist labels: those of the catalogue and the known ones without an entry.</summary>
    public static IReadOnlyList<string> GetSpecialists(SpecialistCatalogue catalogue) =>
        [.. catalogue.Specialists.Select(s => s.Label).Union(KnownSpecialists, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Returns the labels that the pipeline adds or removes.</summary>
    public static IReadOnlyList<string> GetManaged(SpecialistCatalogue catalogue) =>
        [.. State.Where(label => label != Feature), .. GetSpecialists(catalogue)];

    /// <summary>
    /// Returns the labels by which issues with possible work are listed: also short-lived ones, which a run that crashed may have left.
    /// </summary>
    public static IReadOnlyList<string> GetListed(SpecialistCatalogue catalogue) =>
        [SiteMonitor, .. catalogue.Specialists.Select(s => s.Label), .. ShortLived];

    /// <summary>Returns all labels by which an issue's state and specialist are known.</summary>
    public static IReadOnlyList<string> GetAll(SpecialistCatalogue catalogue) => [.. State, .. GetSpecialists(catalogue)];
}
