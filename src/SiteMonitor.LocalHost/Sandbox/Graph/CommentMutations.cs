using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

internal static class CommentMutations
{
    public static ConnectionEdge Add(GraphContext context, MutationInput input)
    {
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(draft =>
            context.Actions.Comments.Add(draft, context.Writer, IssueMutations.Issue(context, input.Required("subjectId")), input.Required("body")));
        return new ConnectionEdge(comment.GraphId, new CommentNode(issue, comment));
    }

    public static CommentNode Edit(GraphContext context, MutationInput input)
    {
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(draft =>
        {
            CommentNode found = Nodes.Get<CommentNode>(context, input.Required("id"));
            return context.Actions.Comments.Edit(draft, context.Writer, found.Issue, found.Comment, input.Required("body"));
        });
        return new CommentNode(issue, comment);
    }

    public static SimulatedIssue Delete(GraphContext context, MutationInput input) => context.State.Write(draft =>
    {
        CommentNode found = Nodes.Get<CommentNode>(context, input.Required("id"));
        return context.Actions.Comments.Delete(draft, context.Writer, found.Issue, found.Comment);
    });
}
