namespace SiteMonitor.Core.Issues;

/// <summary>An open issue a batch may take up: enough to judge whether there is anything to do, no text.</summary>
/// <param name="UpdatedAt">When anything on it last changed; null when the listing did not say.</param>
public sealed record Candidate(IssueRef Ref, IReadOnlyList<string> Labels, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt = null);
