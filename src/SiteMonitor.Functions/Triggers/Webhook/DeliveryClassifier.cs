using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.GitHub.Webhooks;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>Decides from a delivery's payload alone what it asks for: cheap enough to do before responding.</summary>
public sealed class DeliveryClassifier(
    SpecialistCatalogue catalogue,
    IOptions<PipelineOptions> options,
    RepositoryScope scope,
    OwnLogins ownLogins)
{
    /// <summary>Labels that start a run when they are added. The beta labels are those of the flag <c>UnifiedPipeline</c>.</summary>
    private readonly HashSet<string> _triggerLabels = new(
        [.. WorkflowLabels.GetSpecialists(catalogue), .. options.Value.BetaLabels, WorkflowLabels.SiteMonitor, WorkflowLabels.Urgent],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Labels that only the pipeline adds with our credential. <c>site-monitor</c> is not among them: the monitoring job may use the same
    /// credential.
    /// </summary>
    private readonly HashSet<string> _pipelineLabels = new(
        WorkflowLabels.GetManaged(catalogue).Except([WorkflowLabels.SiteMonitor]), StringComparer.OrdinalIgnoreCase);

    public DeliveryRequest Classify(WebhookDelivery delivery)
    {
        if (delivery.Event == "ping")
        {
            return new DeliveryRequest.Ignored("pong");
        }

        if (delivery.Repository is { } repository && !scope.Includes(repository))
        {
            return new DeliveryRequest.Ignored($"The repository {repository} is not in GitHub:Repositories.");
        }

        return delivery switch
        {
            { Event: "issues", Issue: { } payload, IssueRef: { } issue } =>
                ClassifyIssue(delivery, issue, new IssueFacts(payload.Labels, payload.IsOpen, payload.IsPullRequest, payload.ClosedAs)),
            { Event: "issues" } => new DeliveryRequest.Ignored("This event of an issue starts nothing."),
            { Event: "pull_request", Action: "closed", Repository: { } home, PullRequest: { Merged: true } merged } =>
                new DeliveryRequest.Merge(home, merged.Number),
            { Event: "pull_request", Action: "closed" } => new DeliveryRequest.Ignored("The pull request was closed without being merged."),
            { Action.Length: 0 } => new DeliveryRequest.Ignored($"The event {delivery.Event} starts nothing."),
            _ => new DeliveryRequest.Ignored($"The event {delivery.Event}.{delivery.Action} starts nothing."),
        };
    }

    private DeliveryRequest ClassifyIssue(WebhookDelivery delivery, IssueRef issue, IssueFacts facts)
    {
        // The hand-over writes labels with the user's credential while a short-lived label shows. At other times it is the person who acts.
        bool byUs = ownLogins.Contains(delivery.Sender)
            || (ownLogins.IsCopilotUser(delivery.Sender)
                && facts.Labels.Intersect(WorkflowLabels.ShortLived, StringComparer.OrdinalIgnoreCase).Any());
        return (delivery.Action, delivery.Label) switch
        {
            ("labeled", { } label) when byUs && _pipelineLabels.Contains(label) =>
                new DeliveryRequest.Ignored($"We added the label '{label}' ourselves."),
            ("labeled", { } label) when !_triggerLabels.Contains(label) =>
                new DeliveryRequest.Ignored($"The label '{label}' starts nothing."),
            ("unlabeled", { } label) when !WorkflowLabels.Holding.Contains(label, StringComparer.OrdinalIgnoreCase) =>
                new DeliveryRequest.Ignored($"Removing the label '{label}' starts nothing."),
            ("unlabeled", { } label) when byUs => new DeliveryRequest.Ignored($"We removed the label '{label}' ourselves."),
            ("labeled" or "unlabeled", not null) or ("opened" or "reopened", _) => ClassifyState(issue, facts),
            ("closed", _) => ClassifyClosed(issue, facts),
            _ => new DeliveryRequest.Ignored("This event of an issue starts nothing."),
        };
    }

    private DeliveryRequest ClassifyState(IssueRef issue, IssueFacts facts)
    {
        StageChoice choice = StageSelection.Select(facts, RequestedStage.Auto, catalogue);
        return choice.IsSkip
            ? new DeliveryRequest.Ignored(choice.Reason)
            : new DeliveryRequest.Run(issue, WorkKind.Pipeline);
    }

    private DeliveryRequest ClassifyClosed(IssueRef issue, IssueFacts facts) => facts switch
    {
        { ClosedAs: not CloseReason.Completed } => new DeliveryRequest.Ignored("The issue was not closed as completed."),
        { IsPullRequest: true } => new DeliveryRequest.Ignored("It is a pull request, not an issue."),
        _ => Completion.Plan(facts, catalogue) switch
        {
            { Refused: { } refused } => new DeliveryRequest.Ignored(refused.Reason),
            { Change.IsEmpty: true } => new DeliveryRequest.Ignored("The issue is completed already."),
            _ => new DeliveryRequest.Run(issue, WorkKind.CompletionByClosing),
        },
    };
}

/// <summary>What a delivery asks for.</summary>
public abstract record DeliveryRequest
{
    private DeliveryRequest()
    {
    }

    public sealed record Ignored(string Reason) : DeliveryRequest;

    public sealed record Run(IssueRef Issue, WorkKind Work) : DeliveryRequest;

    public sealed record Merge(RepositoryRef Repository, int PullRequest) : DeliveryRequest;
}
