using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Outcomes;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.GitHub.Webhooks;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>
/// Decides from a delivery's payload alone whether it may report an outcome of an earlier run. The ledger later decides whether it does.
/// </summary>
/// <remarks>Independent of the switch for automatic starts: nothing is started, and nothing written to GitHub.</remarks>
public sealed class OutcomeClassifier(SpecialistCatalogue catalogue, RepositoryScope scope, OwnLogins ownLogins)
{
    private readonly HashSet<string> _labels = new(
        WorkflowLabels.GetAll(catalogue).Except(WorkflowLabels.ShortLived), StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _assigned = new(
        WorkflowLabels.GetSpecialists(catalogue).Append(WorkflowLabels.CopilotAssigned), StringComparer.OrdinalIgnoreCase);

    /// <returns>What to record; null when the delivery reports no outcome. The caller sets the time.</returns>
    public OutcomeInput? Classify(WebhookDelivery delivery)
    {
        if (delivery.Repository is not { } repository || !scope.Includes(repository))
        {
            return null;
        }

        return delivery switch
        {
            { IssueRef: { } issue, Issue: { IsPullRequest: false } payload } =>
                FindEvent(delivery, payload) is { } found ? Create(delivery, found, [issue]) : null,
            { PullRequest: { } pullRequest } => FindOutcome(delivery, repository, pullRequest),
            _ => null,
        };
    }

    private IssueEvent? FindEvent(WebhookDelivery delivery, WebhookIssue issue)
    {
        IssueEvent found = new() { Kind = IssueEventKind.Reopened, Label = delivery.Label ?? string.Empty, Labels = issue.Labels };
        return delivery.Action switch
        {
            "reopened" => found,
            _ when !issue.IsOpen || !ownLogins.IsPerson(delivery.Sender) => null,
            "labeled" when IsAboutAssignment(found) => found with { Kind = IssueEventKind.LabelAdded },
            "unlabeled" when IsAboutAssignment(found) => found with { Kind = IssueEventKind.LabelRemoved },
            "unassigned" when CopilotLogin.IsCopilot(delivery.Unassigned) => found with { Kind = IssueEventKind.CopilotUnassigned },
            _ => null,
        };
    }

    /// <summary>Leaves out what happens to every new issue: its first label tells nothing of a run.</summary>
    private bool IsAboutAssignment(IssueEvent found) => _labels.Contains(found.Label)
        && (found.Labels.Append(found.Label).Any(_assigned.Contains)
            || (found.Label.Equals(WorkflowLabels.SiteMonitor, StringComparison.OrdinalIgnoreCase)
                && !found.Labels.Contains(WorkflowLabels.SiteMonitor, StringComparer.OrdinalIgnoreCase)));

    /// <summary>Returns null for a pull request that neither Copilot nor a member opened, whatever issues it names.</summary>
    private OutcomeInput? FindOutcome(WebhookDelivery delivery, RepositoryRef repository, WebhookPullRequest pullRequest)
    {
        bool isByCopilot = CopilotLogin.IsCopilot(pullRequest.Author);
        IssueRef[] issues = [.. pullRequest.Closes.Where(issue => scope.Includes(issue.Repository))];
        IssueEvent found = new() { Kind = pullRequest.Merged ? IssueEventKind.PullRequestMerged : IssueEventKind.PullRequestClosed };
        return !isByCopilot && (!pullRequest.IsByMember || issues.Length == 0)
            ? null
            : Create(delivery, found, issues) with { Repository = repository.Canonical, PullRequest = pullRequest.Number };
    }

    private static OutcomeInput Create(WebhookDelivery delivery, IssueEvent found, IReadOnlyList<IssueRef> issues) => new()
    {
        RequestId = delivery.DeliveryId,
        Event = found,
        Issues = [.. issues.Select(i => i.Canonical)],
        ReceivedAt = default,
    };
}
