using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Adds and removes assignees, including Copilot.</summary>
internal sealed class AssigneeActions(IssueEvents events)
{
    private const int MaxAssignees = 10;

    public SimulatedIssue Add(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, IEnumerable<Account> accounts)
    {
        foreach (Account account in accounts)
        {
            bool changes = !issue.Assignees.Contains(account.Login, StringComparer.OrdinalIgnoreCase);
            if (changes && issue.Assignees.Length >= MaxAssignees)
            {
                throw GitHubErrorException.Invalid("Issue", "assignees", "invalid", "an issue can have at most 10 assignees");
            }

            transaction.LogWrite(writer, WriteKind.Assigned, issue.Reference, changes ? "" : account.Login, account.Login, changes);
            if (changes)
            {
                issue = transaction.Put(issue with
                {
                    Assignees = issue.Assignees.Add(account.Login),
                    Events = issue.Events.Add(transaction.CreateEvent(writer, SimulatedEventKind.AssignedEvent, account.Login)),
                    UpdatedAt = transaction.Now,
                });
                events.Assigned(transaction, writer, issue, account.Login, added: true);
            }
        }

        return issue;
    }

    public SimulatedIssue Remove(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, IEnumerable<Account> accounts)
    {
        foreach (Account account in accounts)
        {
            bool changes = issue.Assignees.Contains(account.Login, StringComparer.OrdinalIgnoreCase);
            transaction.LogWrite(writer, WriteKind.Unassigned, issue.Reference, changes ? account.Login : "", "", changes);
            if (changes)
            {
                issue = transaction.Put(issue with
                {
                    Assignees = issue.Assignees.Remove(account.Login),
                    Events = issue.Events.Add(transaction.CreateEvent(writer, SimulatedEventKind.UnassignedEvent, account.Login)),
                    UpdatedAt = transaction.Now,
                });
                events.Assigned(transaction, writer, issue, account.Login, added: false);
            }
        }

        return issue;
    }
}
