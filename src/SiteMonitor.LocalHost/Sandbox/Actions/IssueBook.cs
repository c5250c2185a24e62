using SiteMonitor.LocalHost.Sandbox.Http;

namespace SiteMonitor.LocalHost.Sandbox.Actions;

/// <summary>All that can be done to issues, in one place for REST, GraphQL and people.</summary>
internal sealed class GitHubActions
{
    public GitHubActions(GitHubJson json)
    {
        IssueEvents events = new(json);
        Labels = new LabelActions(events);
        Comments = new CommentActions(events);
        Assignees = new AssigneeActions(events);
        Issues = new IssueActions(events);
    }

    public IssueActions Issues { get; }

    public LabelActions Labels { get; }

    public CommentActions Comments { get; }

    public AssigneeActions Assignees { get; }
}
