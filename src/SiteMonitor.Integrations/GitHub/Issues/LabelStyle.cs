using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Color and description of a label that we create.</summary>
/// <param name="Color">Six hexadecimal digits.</param>
public sealed record LabelStyle(string Color, string Description)
{
    private static readonly LabelStyle Specialist = new("1d76db", "Specialist that works on this issue");

    private static readonly Dictionary<string, LabelStyle> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        [WorkflowLabels.SiteMonitor] = new("ededed", "Opened by site monitoring; waits for analysis"),
        [WorkflowLabels.Analyzing] = new("fbca04", "SiteMonitor is analysing this issue"),
        [WorkflowLabels.Processing] = new("fbca04", "SiteMonitor is preparing this issue"),
        [WorkflowLabels.CopilotAssigned] = new("0e8a16", "Prepared and handed to the Copilot coding agent"),
        [WorkflowLabels.Completed] = new("5319e7", "Done: the deliverable was merged or the issue closed"),
        [WorkflowLabels.NeedsReview] = new("d93f0b", "A person decides on the specialist; remove the label to go on"),
        [WorkflowLabels.NeedsClarification] = new("d93f0b", "Too little to go by; remove the label to go on"),
        [WorkflowLabels.Urgent] = new("b60205", "Goes first in every batch"),
        [WorkflowLabels.Feature] = new("a2eeef", "Left alone by SiteMonitor"),
    };

    /// <summary>Style of the labels by which the rollout selects issues.</summary>
    public static LabelStyle Rollout { get; } = new("c5def5", "Goes through the unified pipeline while it is rolled out");

    public static LabelStyle For(string label) => Known.GetValueOrDefault(label, Specialist);
}
