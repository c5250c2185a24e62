using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Judges an <c>issues</c> delivery by its label and the issue's state as the payload shows them, so that what has nothing to do is answered at once.</summary>
/// <param name="betaLabels">Labels that the flag <c>UnifiedPipeline</c> selects issues by: adding one starts work too.</param>
public sealed class DeliveryEvaluator(SpecialistCatalogue catalogue, IReadOnlyCollection<string> betaLabels)
{
    /// <summary>A label was added.</summary>
    /// <param name="byUs">Whether the sender is one of our own identities.</param>
    public DeliveryDecision EvaluateLabeled(string label, IssueFacts issue, bool byUs)
    {
        if (byUs && IsWrittenByUs(label))
        {
            return DeliveryDecision.Ignore(SkipCodes.OwnWrite, $"We added the label '{label}' ourselves.");
        }

        return IsTrigger(label)
            ? EvaluateState(issue, $"labelled '{label}'")
            : DeliveryDecision.Ignore(SkipCodes.NotATriggerLabel, $"The label '{label}' starts nothing.");
    }

    /// <summary>A label was removed.</summary>
    public DeliveryDecision EvaluateUnlabeled(string label, IssueFacts issue, bool byUs)
    {
        if (!WorkflowLabels.Holding.Contains(label, StringComparer.OrdinalIgnoreCase))
        {
            return DeliveryDecision.Ignore(SkipCodes.NotATriggerLabel, $"Removing the label '{label}' starts nothing.");
        }

        return byUs
            ? DeliveryDecision.Ignore(SkipCodes.OwnWrite, $"We removed the label '{label}' ourselves.")
            : EvaluateState(issue, $"'{label}' was removed");
    }

    /// <summary>The issue was opened or reopened.</summary>
    public DeliveryDecision EvaluateOpened(IssueFacts issue) => EvaluateState(issue, "opened");

    /// <summary>The issue was closed.</summary>
    public DeliveryDecision EvaluateClosed(IssueFacts issue) => issue.ClosedAs == CloseReason.Completed
        ? EvaluateCompletion(issue, "closed as completed")
        : DeliveryDecision.Ignore(SkipCodes.NotClosedAsCompleted, "The issue was not closed as completed.");

    private DeliveryDecision EvaluateState(IssueFacts issue, string cause)
    {
        StageChoice choice = StageSelection.Select(issue, RequestedStage.Auto, catalogue);
        return choice.IsSkip
            ? DeliveryDecision.Ignore(choice.Code, choice.Reason)
            : new DeliveryDecision(DeliveryAction.Start, string.Empty, $"{cause}: {choice.Stages[0].ToString().ToLowerInvariant()} is next");
    }

    private DeliveryDecision EvaluateCompletion(IssueFacts issue, string cause)
    {
        ChangePlan plan = Completion.Plan(issue, catalogue);
        return plan switch
        {
            _ when issue.IsPullRequest => DeliveryDecision.Ignore(SkipCodes.PullRequest, "It is a pull request, not an issue."),
            { Refused: { } refused } => DeliveryDecision.Ignore(refused.Code, refused.Reason),
            { Change.IsEmpty: true } => DeliveryDecision.Ignore(SkipCodes.Completed, "The issue is completed already."),
            _ => new DeliveryDecision(DeliveryAction.Complete, string.Empty, cause),
        };
    }

    private bool IsTrigger(string label) =>
        label.Equals(WorkflowLabels.SiteMonitor, StringComparison.OrdinalIgnoreCase)
        || label.Equals(WorkflowLabels.Urgent, StringComparison.OrdinalIgnoreCase)
        || IsSpecialist(label)
        || betaLabels.Contains(label, StringComparer.OrdinalIgnoreCase);

    private bool IsSpecialist(string label) =>
        catalogue.Find(label) is not null || WorkflowLabels.KnownSpecialists.Contains(label, StringComparer.OrdinalIgnoreCase);

    /// <summary>Never <c>site-monitor</c>, <c>urgent</c> or a beta label: the monitoring job may well act with our token.</summary>
    private bool IsWrittenByUs(string label) =>
        IsSpecialist(label)
        || WorkflowLabels.ShortLived.Contains(label, StringComparer.OrdinalIgnoreCase)
        || label.Equals(WorkflowLabels.CopilotAssigned, StringComparison.OrdinalIgnoreCase)
        || label.Equals(WorkflowLabels.Completed, StringComparison.OrdinalIgnoreCase)
        || label.Equals(WorkflowLabels.NeedsReview, StringComparison.OrdinalIgnoreCase)
        || label.Equals(WorkflowLabels.NeedsClarification, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a webhook delivery asks for.</summary>
public enum DeliveryAction
{
    Ignore,

    /// <summary>A run on the issue.</summary>
    Start,

    /// <summary>Completion of the issue.</summary>
    Complete,
}

/// <summary>What to do about a webhook delivery.</summary>
/// <param name="Code">Why it is ignored: a stable code; empty otherwise.</param>
/// <param name="Reason">For people.</param>
public sealed record DeliveryDecision(DeliveryAction Action, string Code, string Reason)
{
    public static DeliveryDecision Ignore(string code, string reason) => new(DeliveryAction.Ignore, code, reason);
}
