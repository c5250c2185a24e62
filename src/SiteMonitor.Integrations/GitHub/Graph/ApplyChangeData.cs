namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>The answers of one write's mutations, by the aliases of <see cref="Mutation.All"/>.</summary>
internal sealed record ApplyChangeData(IssuePayload? Body, IssuePayload? Add, IssuePayload? Remove, IssuePayload? Comment, IssuePayload? Edit, IssuePayload? Close)
{
    /// <summary>The last mutation's answer, which shows the issue after all of them.</summary>
    public IssuePayload? LastPayload => Close ?? Edit ?? Comment ?? Remove ?? Add ?? Body;

    public CommentNode? WrittenComment => Comment?.Comment ?? Edit?.Comment;
}
