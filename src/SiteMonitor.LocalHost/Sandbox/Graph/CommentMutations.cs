using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

internal static class CommentMutations
{
    public static PageEdge Add(GraphContext context, MutationInput input)
    {
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(draft =>
            context.Book.Comments.Add(draft, context.By, IssueMutations.Issue(context, input.Required("subjectId")), input.Required("body")));
        return new PageEdge(comment.GraphId, new CommentNode(issue, comment));
    }

    public static CommentNode Edit(GraphContext context, MutationInput input)
    {
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(draft =>
        {
            CommentNode found = Nodes.Get<CommentNode>(context, input.Required("id"));
            return context.Book.Comments.Edit(draft, context.By, found.Issue, found.Comment, input.Required("body"));
        });
        return new CommentNode(issue, comment);
    }

    public static SimulatedIssue Delete(GraphContext context, MutationInput input) => context.State.Write(draft =>
    {
        CommentNode found = Nodes.Get<CommentNode>(context, input.Required("id"));
        return context.Book.Comments.Delete(draft, context.By, found.Issue, found.Comment);
    });
}
