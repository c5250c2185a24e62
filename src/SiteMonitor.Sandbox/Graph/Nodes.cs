using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>Finds the object with a node id; an unknown id is refused with GitHub's message.</summary>
internal static class Nodes
{
    public static object? Find(GraphContext context, string id)
    {
        if (context.State.Accounts.FindByNodeId(id) is { } account)
        {
            return account;
        }

        NodeKey? key = context.State.FindNode(id);
        return key?.Type switch
        {
            NodeType.Repository => context.State.Repository(key.Repository),
            NodeType.Label => FindLabel(context, key),
            NodeType.Issue => FindIssue(context, key),
            NodeType.Comment => FindComment(context, key),
            _ => null,
        };
    }

    public static T Get<T>(GraphContext context, string id)
        where T : class => Find(context, id) as T ?? throw NotFound(id);

    public static GitHubErrorException NotFound(string id) =>
        GitHubErrorException.NotFound($"Could not resolve to a node with the global id of '{id}'");

    private static LabelNode? FindLabel(GraphContext context, NodeKey key)
    {
        SimulatedRepository repository = context.State.Repository(key.Repository);
        return repository.Labels.FirstOrDefault(l => l.Id == key.Id) is { } label ? new LabelNode(repository, label) : null;
    }

    private static SimulatedIssue? FindIssue(GraphContext context, NodeKey key) =>
        !context.State.Repository(key.Repository).AreIssuesDisabled
        && context.State.FindIssue(key.Repository, key.Number) is { IsDeleted: false } issue
            ? issue
            : null;

    private static CommentNode? FindComment(GraphContext context, NodeKey key) =>
        FindIssue(context, key) is { } issue && issue.Comments.Find(c => c.Id == key.Id) is { } comment
            ? new CommentNode(issue, comment)
            : null;
}

internal sealed record CommentNode(SimulatedIssue Issue, SimulatedComment Comment);

internal sealed record LabelNode(SimulatedRepository Repository, SimulatedLabel Label)
{
    public static IEnumerable<LabelNode> Of(SimulatedRepository repository, SimulatedIssue issue) =>
        issue.Labels.Select(repository.FindLabel).OfType<SimulatedLabel>().Select(l => new LabelNode(repository, l));

    /// <summary>Returns a label of the timeline, which GitHub shows even if the repository no longer has it.</summary>
    public static LabelNode Of(SimulatedRepository repository, string name) =>
        new(repository, repository.FindLabel(name) ?? new SimulatedLabel(0, name, "ededed", ""));
}
