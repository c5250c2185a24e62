namespace SiteMonitor.Integrations.GitHub.Graph;

/// <param name="Issue">Only in the answer to a changed comment.</param>
internal sealed record CommentNode(string Id, string Body, DateTimeOffset CreatedAt, bool ViewerDidAuthor, IssueNode? Issue = null);
