using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

internal static class AssigneeMutations
{
    public static SimulatedIssue Add(GraphContext context, MutationInput input)
    {
        RefuseAgentWithoutFeature(context, input);
        IReadOnlyList<Account> accounts = Accounts(context, input.Ids("assigneeIds")!);
        return context.State.Write(draft => context.Actions.Assignees.Add(draft, context.Writer, IssueMutations.Issue(context, input.Required("assignableId")), accounts));
    }

    public static SimulatedIssue Remove(GraphContext context, MutationInput input)
    {
        IReadOnlyList<string> ids = input.Ids("assigneeIds")!;
        return context.State.Write(draft => context.Actions.Assignees.Remove(
            draft, context.Writer, IssueMutations.Issue(context, input.Required("assignableId")), [.. ids.Select(id => Nodes.Get<Account>(context, id))]));
    }

    public static SimulatedIssue Replace(GraphContext context, MutationInput input)
    {
        RefuseAgentWithoutFeature(context, input);
        IReadOnlyList<Account> accounts = Accounts(context, input.Ids("actorIds") ?? []);
        return context.State.Write(draft => context.Actions.Assignees.Replace(draft, context.Writer, IssueMutations.Issue(context, input.Required("assignableId")), accounts));
    }

    /// <summary>The accounts; Copilot only for who may assign it and says so in the header.</summary>
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
