namespace SiteMonitor.Functions.Activities;

/// <param name="Issues">Canonical <c>owner/name#12</c>, of configured repositories only.</param>
public sealed record ReadClosingIssuesResult(IReadOnlyList<string> Issues);
