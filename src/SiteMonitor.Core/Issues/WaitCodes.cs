namespace SiteMonitor.Core.Issues;

/// <summary>Stable codes of the reasons why a run ends waiting for a person.</summary>
public static class WaitCodes
{
    /// <summary>The best score lies between the thresholds for a review and for an assignment.</summary>
    public const string ScoreBetween = "score-between";

    /// <summary>No score reaches the threshold for a review.</summary>
    public const string ScoreLow = "score-low";

    /// <summary>The beginning of the codes that say the model gave no analysis.</summary>
    public const string ModelPrefix = "model-";

    /// <summary>The model, or its content filter, declined to analyze the text.</summary>
    public const string ModelRefused = "model-refused";

    /// <summary>The model's answer did not follow the schema, after a second try too.</summary>
    public const string ModelMalformed = "model-malformed";

    /// <summary>The model answers other texts but not this one, so the text is the cause and not the model.</summary>
    public const string ModelUnanswerable = "model-unanswerable";

    /// <summary>The model could not be reached.</summary>
    public const string ModelUnreachable = "model-unreachable";

    /// <summary>The model was down for longer than a run waits for it.</summary>
    public const string ModelUnavailable = "model-unavailable";

    /// <summary>The text changed each time after it was analyzed.</summary>
    public const string TextKeepsChanging = "text-keeps-changing";

    /// <summary>The text changed while the issue was handed to Copilot, so the assignment was taken back.</summary>
    public const string TextSwapped = "text-swapped";

    /// <summary>The text changed while the issue was handed to Copilot, and Copilot could not be unassigned.</summary>
    public const string CopilotNotUnassigned = "copilot-not-unassigned";

    /// <summary>The guidance fits neither into the issue nor into a comment.</summary>
    public const string GuidanceNotPlaced = "guidance-not-placed";

    /// <summary>The issue has as many labels as GitHub allows.</summary>
    public const string LabelLimit = "issue-label-limit";

    /// <summary>GitHub refused the text that we wrote, so that nothing was assigned.</summary>
    public const string TextRefused = "text-refused";

    /// <summary>GitHub shows the issue but refuses the write, for example because the author blocks our user.</summary>
    public const string WriteRefused = "write-refused";

    /// <summary>Whether a person has to look at the issue first, because the next run would end in the same way.</summary>
    public static bool NeedsReview(string code) =>
        code is TextKeepsChanging or TextSwapped or TextRefused or CopilotNotUnassigned or GuidanceNotPlaced or LabelLimit
            or ModelUnavailable;

    /// <summary>
    /// Whether every further run would end in the same way until something on the issue changes, although no label holds it back.
    /// </summary>
    public static bool RequiresChange(string code) => code is WriteRefused or CopilotAssignment.AssigneeLimit;

    public const string AnalysisDisabled = "analysis-switched-off";
    public const string PreparationDisabled = "preparation-switched-off";
}
