using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

internal static class AssigneeMutations
{
    public static SimulatedIssue Add(GraphContext context, MutationInput input)
    {
        RefuseAgentWithoutFeature(context, input);
        IReadOnlyList<Account> accounts = Accounts(context, input.Ids("assigneeIds")!);
        return context.State.Write(
            transaction =>
                context.Actions.Assignees.Add(
                    transaction, context.Writer, IssueMutations.Issue(context, input.Required("assignableId")), accounts));
    }

    public static SimulatedIssue Remove(GraphContext context, MutationInput input)
    {
        IReadOnlyList<string> ids = input.Ids("assigneeIds")!;
        return context.State.Write(transaction => context.Actions.Assignees.Remove(
            transaction, context.Writer, IssueMutations.Issue(
                context, input.Required("assignableId")), [.. ids.Select(id => Nodes.Get<Account>(context, id))]));
    }

    public static SimulatedIssue Replace(GraphContext context, MutationInput input)
    {
        RefuseAgentWithoutFeature(context, input);
        IReadOnlyList<Account> accounts = Accounts(context, input.Ids("actorIds") ?? []);
        return context.State.Write(
            transaction =>
                context.Actions.Assignees.Replace(
                    transaction, context.Writer, IssueMutations.Issue(context, input.Required("assignableId")), accounts));
    }

    /// <summary>Returns the accounts; Copilot only for callers who may assign it and sent the feature header.</summary>
    public static IReadOnlyList<Account> Accounts(GraphContext context, IReadOnlyList<string> ids)
    {
        List<Account> accounts = [];
        foreach (string id in ids)
        {
            Account account = Nodes.Get<Account>(context, id);
            if (account.IsCopilot && context.Request.Caller.IsInstallation)
            {
                throw GitHubErrorException.Forbidden("Resource not accessible by integration");
            }

            accounts.Add(!account.IsCopilot || context.CanAssignCopilot ? account : throw Nodes.NotFound(id));
        }

        return accounts;
    }

    public static void RefuseAgentWithoutFeature(GraphContext context, MutationInput input)
    {
        if (input.Has("agentAssignment") && !context.CanAssignCopilot)
        {
            throw new GitHubErrorException(200, "argumentNotAccepted", "InputObject doesn't accept argument 'agentAssignment'");
        }
    }
}
