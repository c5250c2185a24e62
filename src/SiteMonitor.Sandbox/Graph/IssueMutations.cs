using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

internal static class IssueMutations
{
    public static SimulatedIssue Update(GraphContext context, MutationInput input)
    {
        return context.State.Write(transaction =>
        {
            SimulatedIssue issue = Issue(context, input.Required("id"));
            if (input.Text("title") is { } title)
            {
                issue = context.Actions.Issues.EditTitle(transaction, context.Writer, issue, title);
            }

            if (input.Text("body") is { } body)
            {
                issue = context.Actions.Issues.EditBody(transaction, context.Writer, issue, body);
            }

            return issue;
        });
    }

    public static SimulatedIssue Close(GraphContext context, MutationInput input)
    {
        string reason = input.Text("stateReason") switch
        {
            "NOT_PLANNED" => "not_planned",
            "DUPLICATE" => "duplicate",
            _ => "completed",
        };
        return context.State.Write(
            transaction => context.Actions.Issues.Close(transaction, context.Writer, Issue(context, input.Required("issueId")), reason));
    }

    /// <summary>Returns the current issue; call it inside a write, so that the issue cannot change before the write is done.</summary>
    public static SimulatedIssue Issue(GraphContext context, string id) => Nodes.Get<SimulatedIssue>(context, id);
}

internal static class CommentMutations
{
    public static ConnectionEdge Add(GraphContext context, MutationInput input)
    {
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(transaction =>
            context.Actions.Comments.Add(
                transaction, context.Writer, IssueMutations.Issue(context, input.Required("subjectId")), input.Required("body")));
        return new ConnectionEdge(comment.GraphId, new CommentNode(issue, comment));
    }

    public static CommentNode Edit(GraphContext context, MutationInput input)
    {
        (SimulatedIssue issue, SimulatedComment comment) = context.State.Write(transaction =>
        {
            CommentNode found = Nodes.Get<CommentNode>(context, input.Required("id"));
            return context.Actions.Comments.Edit(transaction, context.Writer, found.Issue, found.Comment, input.Required("body"));
        });
        return new CommentNode(issue, comment);
    }

    public static SimulatedIssue Delete(GraphContext context, MutationInput input) => context.State.Write(transaction =>
    {
        CommentNode found = Nodes.Get<CommentNode>(context, input.Required("id"));
        return context.Actions.Comments.Delete(transaction, context.Writer, found.Issue, found.Comment);
    });
}

internal static class LabelMutations
{
    public static SimulatedIssue Add(GraphContext context, MutationInput input) => context.State.Write(transaction =>
    {
        SimulatedIssue issue = IssueMutations.Issue(context, input.Required("labelableId"));
        return context.Actions.Labels.Add(transaction, context.Writer, issue, Names(context, issue, input.Ids("labelIds")!));
    });

    public static SimulatedIssue Remove(GraphContext context, MutationInput input) => context.State.Write(transaction =>
    {
        SimulatedIssue issue = IssueMutations.Issue(context, input.Required("labelableId"));
        foreach (string name in Names(context, issue, input.Ids("labelIds")!))
        {
            issue = context.Actions.Labels.Remove(transaction, context.Writer, issue, name);
        }

        return issue;
    });

    public static LabelNode Create(GraphContext context, MutationInput input)
    {
        string key = Nodes.Get<SimulatedRepository>(context, input.Required("repositoryId")).Key;
        SimulatedLabel label = context.State.Write(transaction => LabelActions.Create(
            transaction, context.Writer, key, input.Required("name"), input.Required("color"), input.Text("description") ?? ""));
        return new LabelNode(context.State.Repository(key), label);
    }

    /// <summary>Returns the labels' names. An unknown id, or one of another repository, refuses the whole mutation.</summary>
    public static IReadOnlyList<string> Names(GraphContext context, SimulatedIssue issue, IReadOnlyList<string> ids) =>
    [
        .. ids.Select(id => Nodes.Find(context, id) is LabelNode label
            && label.Repository.Key == issue.Repository ? label.Label.Name : throw Nodes.NotFound(id)),
    ];
}
