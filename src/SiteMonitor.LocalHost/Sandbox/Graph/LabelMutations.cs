using SiteMonitor.LocalHost.Sandbox.Actions;
using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Graph;

internal static class LabelMutations
{
    public static SimulatedIssue Add(GraphContext context, MutationInput input) => context.State.Write(draft =>
    {
        SimulatedIssue issue = IssueMutations.Issue(context, input.Required("labelableId"));
        return context.Actions.Labels.Add(draft, context.Writer, issue, Names(context, issue, input.Ids("labelIds")!));
    });

    public static SimulatedIssue Remove(GraphContext context, MutationInput input) => context.State.Write(draft =>
    {
        SimulatedIssue issue = IssueMutations.Issue(context, input.Required("labelableId"));
        foreach (string name in Names(context, issue, input.Ids("labelIds")!))
        {
            issue = context.Actions.Labels.Remove(draft, context.Writer, issue, name);
        }

        return issue;
    });

    public static LabelNode Create(GraphContext context, MutationInput input)
    {
        string key = Nodes.Get<SimulatedRepository>(context, input.Required("repositoryId")).Key;
        SimulatedLabel label = context.State.Write(draft => LabelActions.Create(
            draft, context.Writer, key, input.Required("name"), input.Required("color"), input.Text("description") ?? ""));
        return new LabelNode(context.State.Repository(key), label);
    }

    /// <summary>The labels' names; an id that is unknown or of another repository refuses the whole mutation.</summary>
    public static IReadOnlyList<string> Names(GraphContext context, SimulatedIssue issue, IReadOnlyList<string> ids) =>
    [
        .. ids.Select(id => Nodes.Find(context, id) is LabelNode label && label.Repository.Key == issue.Repository ? label.Label.Name : throw Nodes.NotFound(id)),
    ];
}
