using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>Writes the comments about problems.</summary>
internal static class ProblemComments
{
    /// <summary>The text that replaces a comment about a problem once it is solved.</summary>
    public const string Resolved =
        "Resolved: a later run of SiteMonitor processed this issue, so the problem that was described here no longer exists.";

    private const int MaxReason = 400;

    public static string StageDisabled(Stage stage) =>
        $"""
        ### Waiting: {Name(stage)} is switched off

        The {Name(stage)} stage is off at the moment and so is its fallback, so this issue stays where it is.

        **What to do:** nothing; an operator switches the stage on again, and the next run goes on from here.
        """;

    public static string Review(string reason) =>
        $"""
        ### A person has to look at this issue

        {TextSanitizer.SanitizeLine(reason, MaxReason)}

        **What to do:** check the issue. Then remove the label `{WorkflowLabels.NeedsReview}` to have it processed again.
        """;

    public static string Failed(string code, string reason, bool scheduled) =>
        $"""
        ### Processing failed

        {TextSanitizer.SanitizeLine(reason, MaxReason)} (`{Slug.Create(code, 60)}`)

        The labels that stand only during a run are off again.

        **What to do:** once the cause is fixed, start it again (`sitemonitor process-pipeline --issue` with this issue's number){(scheduled ? ", or wait for the next scheduled run" : "; no scheduled run will retry it")}.
        """;

    public static string CopilotUnassigned(string detail) =>
        $"""
        ### Copilot could not be assigned

        {TextSanitizer.SanitizeLine(detail, MaxReason)}

        The instructions are in the issue's text; only the assignment is missing, so the label `{WorkflowLabels.CopilotAssigned}` is not set.

        **What to do:** check that the Copilot coding agent is enabled for this repository and that the Copilot token belongs to a user who may assign it. Then start the preparation again, or assign Copilot by hand.
        """;

    private static string Name(Stage stage) => stage == Stage.Analysis ? "analysis" : "preparation";
}
