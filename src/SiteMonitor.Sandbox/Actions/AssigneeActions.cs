using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Assignees, Copilot among them.</summary>
internal sealed class AssigneeActions(IssueEvents events)
{
    private const int MaxAssignees = 10;

    public SimulatedIssue Add(StateTransaction draft, WriteContext by, SimulatedIssue issue, IEnumerable<Account> accounts)
    {
        foreach (Account account in accounts)
        {
            bool changes = !issue.Assignees.Contains(account.Login, StringComparer.OrdinalIgnoreCase);
            if (changes && issue.Assignees.Length >= MaxAssignees)
            {
                throw GitHubErrorException.Invalid("Issue", "assignees", "invalid", "an issue can have at most 10 assignees");
            }

            draft.LogWrite(by, WriteKind.Assigned, issue.Reference, changes ? "" : account.Login, account.Login, changes);
            if (changes)
            {
                issue = draft.Put(issue with { Assignees = issue.Assignees.Add(account.Login), UpdatedAt = draft.Now });
                events.Assigned(draft, by, issue, account.Login, added: true);
            }
        }

        return issue;
    }

    public SimulatedIssue Remove(StateTransaction draft, WriteContext by, SimulatedIssue issue, IEnumerable<Account> accounts)
    {
        foreach (Account account in accounts)
        {
            bool changes = issue.Assignees.Contains(account.Login, StringComparer.OrdinalIgnoreCase);
            draft.LogWrite(by, WriteKind.Unassigned, issue.Reference, changes ? account.Login : "", "", changes);
            if (changes)
            {
                issue = draft.Put(issue with { Assignees = issue.Assignees.Remove(account.Login), UpdatedAt = draft.Now });
                events.Assigned(draft, by, issue, account.Login, added: false);
            }
        }

        return issue;
    }

    public SimulatedIssue Replace(StateTransaction draft, WriteContext by, SimulatedIssue issue, IReadOnlyList<Account> accounts)
    {
        issue = Remove(draft, by, issue, [.. issue.Assignees.Where(l => accounts.All(a => a.Login != l)).Select(draft.Accounts.Named)]);
        return Add(draft, by, issue, accounts);
    }
}
