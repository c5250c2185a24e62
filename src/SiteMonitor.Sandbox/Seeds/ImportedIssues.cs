namespace SiteMonitor.Sandbox.Seeds;

/// <summary>Open issues of another repository, which fill a new sandbox instead of the findings.</summary>
/// <param name="Repository"><c>owner/repo</c>.</param>
public sealed record ImportedIssues(string Repository, IReadOnlyList<ImportedIssue> Issues);

/// <summary>An issue as it was opened.</summary>
/// <param name="Author">Empty when the account is deleted.</param>
public sealed record ImportedIssue(
    int Number, string Title, string Body, string Author, DateTimeOffset CreatedAt, IReadOnlyList<string> Labels);
