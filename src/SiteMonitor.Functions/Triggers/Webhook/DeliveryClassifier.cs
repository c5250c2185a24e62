using Microsoft.Extensions.Options;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.GitHub.Webhooks;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>Says what a delivery asks for, from its payload alone: cheap enough to do before answering.</summary>
public sealed class DeliveryClassifier(SpecialistCatalogue catalogue, IOptions<PipelineOptions> options, RepositoryScope scope, OwnLogins identities)
{
    private readonly DeliveryEvaluator _judgement = new(catalogue, options.Value.BetaLabels);

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
            { Event: "issues", Issue: { } issue, IssueRef: { } target } => OfVerdict(target, Judge(delivery, issue)),
            { Event: "pull_request", Action: "closed", Repository: { } home, PullRequest: { Merged: true } merged } => new DeliveryRequest.Merge(home, merged.Number),
            { Event: "pull_request", Action: "closed" } => new DeliveryRequest.Ignored("The pull request was closed without being merged."),
            _ => Unknown(delivery),
        };
    }

    private DeliveryDecision? Judge(WebhookDelivery delivery, WebhookIssue issue)
    {
        IssueFacts facts = new(issue.Labels, issue.IsOpen, issue.IsPullRequest, issue.ClosedAs);
        bool byUs = identities.Contains(delivery.Sender);
        return (delivery.Action, delivery.Label) switch
        {
            ("labeled", { } label) => _judgement.EvaluateLabeled(label, facts, byUs),
            ("unlabeled", { } label) => _judgement.EvaluateUnlabeled(label, facts, byUs),
            ("opened" or "reopened", _) => _judgement.EvaluateOpened(facts),
            ("closed", _) => _judgement.EvaluateClosed(facts),
            _ => null,
        };
    }

    private static DeliveryRequest OfVerdict(IssueRef issue, DeliveryDecision? verdict) => verdict switch
    {
        null => new DeliveryRequest.Ignored("This event of an issue starts nothing."),
        { Action: DeliveryAction.Start } => new DeliveryRequest.Run(issue, WorkKind.Pipeline),
        { Action: DeliveryAction.Complete } => new DeliveryRequest.Run(issue, WorkKind.CompletionByClosing),
        _ => new DeliveryRequest.Ignored(verdict.Reason),
    };

    private static DeliveryRequest.Ignored Unknown(WebhookDelivery delivery) =>
        new(delivery.Action.Length == 0 ? $"The event {delivery.Event} starts nothing." : $"The event {delivery.Event}.{delivery.Action} starts nothing.");
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
