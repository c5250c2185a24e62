using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Webhooks;

/// <summary>The issue of a delivery, as it was when GitHub sent it: enough to judge whether there is anything to do, no text.</summary>
/// <param name="Labels">All labels on the issue.</param>
/// <param name="ClosedAs">Why it was closed; null when open or not said.</param>
/// <param name="IsPullRequest">GitHub counts pull requests as issues; events of theirs ask nothing of us.</param>
public sealed record WebhookIssue(int Number, IReadOnlyList<string> Labels, bool IsOpen, CloseReason? ClosedAs, bool IsPullRequest);
