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
    private readonly DeliveryEvaluator _evaluator = new(catalogue, options.Value.BetaLabels);

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
            { Event: "issues", Issue: { } payload, IssueRef: { } issue } => ToRequest(issue, Evaluate(delivery, payload)),
            { Event: "issues" } => new DeliveryRequest.Ignored("This event of an issue starts nothing."),
            { Event: "pull_request", Action: "closed", Repository: { } home, PullRequest: { Merged: true } merged } =>
                new DeliveryRequest.Merge(home, merged.Number),
            { Event: "pull_request", Action: "closed" } => new DeliveryRequest.Ignored("The pull request was closed without being merged."),
            { Action.Length: 0 } => new DeliveryRequest.Ignored($"The event {delivery.Event} starts nothing."),
            _ => new DeliveryRequest.Ignored($"The event {delivery.Event}.{delivery.Action} starts nothing."),
        };
    }

    private DeliveryDecision? Evaluate(WebhookDelivery delivery, WebhookIssue issue)
    {
        IssueFacts facts = new(issue.Labels, issue.IsOpen, issue.IsPullRequest, issue.ClosedAs);

        // The user that hands issues over may also label by hand, but the labels of a hand-over come while a run's own label is there.
        bool byUs = ownLogins.Contains(delivery.Sender) || (facts.HasShortLived && ownLogins.IsUser(delivery.Sender));
        return (delivery.Action, delivery.Label) switch
        {
            ("labeled", { } label) => _evaluator.EvaluateLabeled(label, facts, byUs),
            ("unlabeled", { } label) => _evaluator.EvaluateUnlabeled(label, facts, byUs),
            ("opened" or "reopened", _) => _evaluator.EvaluateOpened(facts),
            ("closed", _) => _evaluator.EvaluateClosed(facts),
            _ => null,
        };
    }

    private static DeliveryRequest ToRequest(IssueRef issue, DeliveryDecision? decision) => decision switch
    {
        null => new DeliveryRequest.Ignored("This event of an issue starts nothing."),
        { Action: DeliveryAction.Start } => new DeliveryRequest.Run(issue, WorkKind.Pipeline),
        { Action: DeliveryAction.Complete } => new DeliveryRequest.Run(issue, WorkKind.CompletionByClosing),
        _ => new DeliveryRequest.Ignored(decision.Reason),
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
