namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>One mutation of a write.</summary>
/// <param name="Alias">Its name in the answer, and its variable's.</param>
/// <param name="Selection">Its selection, around the given fields of the issue.</param>
internal sealed record Mutation(ChangeParts Part, string Alias, string Field, string InputType, Func<string, string> Selection)
{
    private const string CommentFields = "{ id body createdAt viewerDidAuthor }";

    /// <summary>In the order they run.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(ChangeParts.Body, "body", "updateIssue", "UpdateIssueInput", issue => $"issue {{ {issue} }}"),
        new(ChangeParts.AddLabels, "add", "addLabelsToLabelable", "AddLabelsToLabelableInput", issue => $"labelable {{ ... on Issue {{ {issue} }} }}"),
        new(ChangeParts.RemoveLabels, "remove", "removeLabelsFromLabelable", "RemoveLabelsFromLabelableInput", issue => $"labelable {{ ... on Issue {{ {issue} }} }}"),
        new(ChangeParts.NewComment, "comment", "addComment", "AddCommentInput", issue => $"subject {{ ... on Issue {{ {issue} }} }} commentEdge {{ node {CommentFields} }}"),
        new(ChangeParts.EditComment, "edit", "updateIssueComment", "UpdateIssueCommentInput", issue => $"issueComment {{ id body createdAt viewerDidAuthor issue {{ {issue} }} }}"),
        new(ChangeParts.Close, "close", "closeIssue", "CloseIssueInput", issue => $"issue {{ {issue} }}"),
    ];
}

/// <summary>The mutations one write is made of, in the order they run.</summary>
[Flags]
internal enum ChangeParts
{
    None = 0,
    Body = 1,
    AddLabels = 2,
    RemoveLabels = 4,
    NewComment = 8,
    EditComment = 16,
    Close = 32,
}
