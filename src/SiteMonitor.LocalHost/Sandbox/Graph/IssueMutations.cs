using SiteMonitor.LocalHost.Sandbox.Actions;
using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

internal static class IssueMutations
{
    public static SimulatedIssue Update(GraphContext context, MutationInput input)
    {
        AssigneeMutations.RefuseAgentWithoutFeature(context, input);
        return context.State.Write(draft =>
        {
            SimulatedIssue issue = Issue(context, input.Required("id"));
            if (input.Text("title") is { } title)
            {
                issue = context.Actions.Issues.EditTitle(draft, context.Writer, issue, title);
            }

            if (input.Text("body") is { } body)
            {
                issue = context.Actions.Issues.EditBody(draft, context.Writer, issue, body);
            }

            if (input.Ids("labelIds") is { } labels)
            {
                issue = context.Actions.Labels.Replace(draft, context.Writer, issue, LabelMutations.Names(context, issue, labels));
            }

            if (input.Ids("assigneeIds") is { } assignees)
            {
                issue = context.Actions.Assignees.Replace(draft, context.Writer, issue, AssigneeMutations.Accounts(context, assignees));
            }

            return input.Text("state") switch
            {
                "OPEN" => context.Actions.Issues.Reopen(draft, context.Writer, issue),
                "CLOSED" => context.Actions.Issues.Close(draft, context.Writer, issue, "completed"),
                _ => issue,
            };
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
        return context.State.Write(draft => context.Actions.Issues.Close(draft, context.Writer, Issue(context, input.Required("issueId")), reason));
    }

    public static SimulatedIssue Reopen(GraphContext context, MutationInput input) =>
        context.State.Write(draft => context.Actions.Issues.Reopen(draft, context.Writer, Issue(context, input.Required("issueId"))));

    public static SimulatedIssue Create(GraphContext context, MutationInput input)
    {
        SimulatedRepository repository = Nodes.Get<SimulatedRepository>(context, input.Required("repositoryId"));
        IReadOnlyList<string> labels = [.. (input.Ids("labelIds") ?? []).Select(id => Nodes.Get<LabelNode>(context, id).Label.Name)];
        NewIssue issue = new(input.Required("title"), input.Text("body"), labels, IsPullRequest: false, []);
        return context.State.Write(draft => context.Actions.Issues.Open(draft, context.Writer, repository.Key, issue));
    }

    /// <summary>The issue as it is now; called inside a write, so that it cannot change before the write is done.</summary>
    public static SimulatedIssue Issue(GraphContext context, string id) => Nodes.Get<SimulatedIssue>(context, id);
}
