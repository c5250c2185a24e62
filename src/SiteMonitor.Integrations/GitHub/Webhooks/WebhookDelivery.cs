using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>The content of a delivery, without the issue's text.</summary>
public sealed record WebhookDelivery
{
    public const string EventHeader = "X-GitHub-Event";
    public const string DeliveryHeader = "X-GitHub-Delivery";

    /// <summary><c>issues</c>, <c>pull_request</c>, <c>ping</c>, or any other event's name.</summary>
    public required string Event { get; init; }

    /// <summary><c>labeled</c>, <c>closed</c> …; empty for events without one.</summary>
    public string Action { get; init; } = string.Empty;

    /// <summary>The value of <c>X-GitHub-Delivery</c>; a manual redelivery carries the same.</summary>
    public required string DeliveryId { get; init; }

    /// <summary>Always set for <c>issues</c> and <c>pull_request</c>; null for deliveries of an organization or App.</summary>
    public RepositoryRef? Repository { get; init; }

    /// <summary>The repository's node id, which a rename does not change; empty when the payload has none.</summary>
    public string RepositoryNodeId { get; init; } = string.Empty;

    /// <summary>Login of the user who caused the delivery; empty if the payload has none.</summary>
    public string Sender { get; init; } = string.Empty;

    /// <summary>The label just added or removed (<c>labeled</c>, <c>unlabeled</c>).</summary>
    public string? Label { get; init; }

    /// <summary>The login just taken off (<c>unassigned</c>).</summary>
    public string? Unassigned { get; init; }

    /// <summary>Set for the actions of <c>issues</c> that may start work or say what became of an issue.</summary>
    public WebhookIssue? Issue { get; init; }

    /// <summary>Set for a closed <c>pull_request</c>.</summary>
    public WebhookPullRequest? PullRequest { get; init; }

    /// <summary>The issue's reference, when the delivery concerns one.</summary>
    public IssueRef? IssueRef => Repository is not null && Issue is not null ? new IssueRef(Repository, Issue.Number) : null;
}

/// <summary>The issue of a delivery when GitHub sent it: enough to decide whether there is work, without its text.</summary>
/// <param name="Labels">All labels on the issue.</param>
/// <param name="ClosedAs">Why it was closed; null when open or not said.</param>
/// <param name="IsPullRequest">GitHub counts pull requests as issues; events of theirs ask nothing of us.</param>
/// <param name="UpdatedAt">When it had last changed; null when not said.</param>
public sealed record WebhookIssue(
    int Number, IReadOnlyList<string> Labels, bool IsOpen, CloseReason? ClosedAs, bool IsPullRequest, DateTimeOffset? UpdatedAt = null);

/// <summary>The pull request of a delivery.</summary>
/// <param name="Author">The login of whoever opened it; empty when the payload names none.</param>
/// <param name="IsByMember">Whether GitHub counts the author among the repository's owners, members and collaborators.</param>
/// <param name="Closes">The issues that its text says it closes.</param>
public sealed record WebhookPullRequest(int Number, bool Merged, string Author, bool IsByMember, IReadOnlyList<IssueRef> Closes);
