namespace SiteMonitor.Core.Comments;

/// <summary>A comment of ours that says why an issue does not go on, on an issue that has gone on.</summary>
/// <param name="NodeId">GitHub's GraphQL node id.</param>
public sealed record OutdatedComment(string NodeId, CommentKind Kind);
