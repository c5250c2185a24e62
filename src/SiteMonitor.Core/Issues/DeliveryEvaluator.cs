using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Issues;

/// <summary>Decides from an <c>issues</c> delivery alone whether there is work to do.</summary>
/// <param name="catalogue">The specialists an issue can be assigned to.</param>
/// <param name="betaLabels">Labels that the flag <c>UnifiedPipeline</c> selects issues by: adding one starts work too.</param>
public sealed class DeliveryEvaluator(SpecialistCatalogue catalogue, IReadOnlyCollection<string> betaLabels)
{
    /// <summary>Evaluates a delivery that says a label was added.</summary>
    /// <param name="label">The label that was added.</param>
    /// <param name="issue">The issue as the delivery shows it.</param>
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

    /// <summary>Evaluates a delivery that says a label was removed.</summary>
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

    /// <summary>Evaluates a delivery that says the issue was opened or reopened.</summary>
    public DeliveryDecision EvaluateOpened(IssueFacts issue) => EvaluateState(issue, "opened");

    /// <summary>Evaluates a delivery that says the issue was closed.</summary>
    public DeliveryDecision EvaluateClosed(IssueFacts issue) => issue.ClosedAs == CloseReason.Completed
        ? EvaluateCompletion(issue, "closed as completed")
        : DeliveryDecision.Ignore(SkipCodes.NotClosedAsCompleted, "The issue was not closed as completed.");

    private DeliveryDecision EvaluateState(IssueFacts issue, string cause)
    {
        StageChoice choice = StageSelection.Select(issue, RequestedStage.Auto, catalogue);
        return choice.IsSkip
            ? DeliveryDecision.Ignore(choice.Code, choice.Reason)
            : new DeliveryDecision(DeliveryAction.Start, string.Empty,
                $"{cause}: {choice.Stages[0].ToString().ToLowerInvariant()} is next");
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

    private bool IsSpecialist(string label) => WorkflowLabels.GetSpecialists(catalogue).Contains(label, StringComparer.OrdinalIgnoreCase);

    // The monitoring job may use our credential, so site-monitor is never taken for a label of ours.
    private bool IsWrittenByUs(string label) =>
        !label.Equals(WorkflowLabels.SiteMonitor, StringComparison.OrdinalIgnoreCase)
        && WorkflowLabels.GetManaged(catalogue).Contains(label, StringComparer.OrdinalIgnoreCase);
}

/// <summary>The work that a webhook delivery asks for.</summary>
public enum DeliveryAction
{
    Ignore,

    /// <summary>Start a run on the issue.</summary>
    Start,

    /// <summary>Complete the issue.</summary>
    Complete,
}

/// <summary>The decision on a webhook delivery.</summary>
/// <param name="Action">What to do.</param>
/// <param name="Code">Stable code of the reason why it is ignored; empty otherwise.</param>
/// <param name="Reason">Explanation for people.</param>
public sealed record DeliveryDecision(DeliveryAction Action, string Code, string Reason)
{
    public static DeliveryDecision Ignore(string code, string reason) => new(DeliveryAction.Ignore, code, reason);
}
