namespace SiteMonitor.Functions.Activities;

/// <param name="Issues">Canonical <c>owner/name#12</c>, of configured repositories only.</param>
public sealed record ClosingIssues(IReadOnlyList<string> Issues);
