namespace SiteMonitor.Core.Issues;

/// <summary>An open issue a batch may take up: enough to judge whether there is anything to do, no text.</summary>
public sealed record Candidate(IssueRef Ref, IReadOnlyList<string> Labels, DateTimeOffset CreatedAt);
