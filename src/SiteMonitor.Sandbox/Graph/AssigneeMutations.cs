using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

internal static class AssigneeMutations
{
    public static SimulatedIssue Add(GraphContext context, MutationInput input)
    {
        List<Account> accounts = Accounts(context, input.Ids("assigneeIds")!);
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

    /// <summary>Returns the accounts; Copilot only for callers who may assign it and sent the feature header.</summary>
    private static List<Account> Accounts(GraphContext context, IReadOnlyList<string> ids)
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
}
