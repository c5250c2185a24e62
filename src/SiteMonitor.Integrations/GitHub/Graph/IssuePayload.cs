namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>A mutation's answer; which member holds the issue depends on the mutation.</summary>
internal sealed record IssuePayload(IssueNode? Issue, IssueNode? Labelable, IssueNode? Subject, CommentEdge? CommentEdge, CommentNode? IssueComment)
{
    public IssueNode? UpdatedIssue => Issue ?? Labelable ?? Subject ?? IssueComment?.Issue;

    public CommentNode? Comment => CommentEdge?.Node ?? IssueComment;
}
