using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Control;

/// <summary>Performs the actions of people, who have all permissions and cause the same webhooks.</summary>
internal sealed class PersonActions(SandboxState state, GitHubActions actions, RequestHooks hooks, RequestCounters counters)
{
    /// <summary>Returns the changed issue; null if the action waits for a request.</summary>
    public SimulatedIssue? Perform(PersonAction action)
    {
        if ((action.Before ?? action.After) is { } match)
        {
            PersonAction immediate = action with { Before = null, After = null };
            hooks.Add(match, after: action.Before is null, _ =>
            {
                Perform(immediate);
                return Task.CompletedTask;
            });
            return null;
        }

        WriteContext writer = new(state.Accounts.Named(action.Login), "person", counters.NextRequest());
        string[] name = action.Repository.Split('/');
        SimulatedRepository repository = (name.Length == 2 ? state.FindRepository(name[0], name[1]) : null)
            ?? throw GitHubErrorException.NotFound();
        return state.Write(transaction => Perform(transaction, writer, repository, action));
    }

    private SimulatedIssue Perform(StateTransaction transaction, WriteContext writer, SimulatedRepository repository, PersonAction action)
    {
        if (action.Do == PersonActionKind.Open)
        {
            return actions.Issues.Open(
                transaction, writer, repository.Key, new NewIssue(action.Value, action.Text, action.Labels, IsPullRequest: false, []));
        }

        SimulatedIssue issue = transaction.FindIssue(repository.Key, action.Number) is { IsDeleted: false } found
            ? found
            : throw GitHubErrorException.NotFound();
        return action.Do switch
        {
            PersonActionKind.EditBody => actions.Issues.EditBody(transaction, writer, issue, action.Text),
            PersonActionKind.AppendToBody => actions.Issues.EditBody(transaction, writer, issue, issue.Body + action.Text),
            PersonActionKind.EditTitle => actions.Issues.EditTitle(transaction, writer, issue, action.Value),
            PersonActionKind.AddLabel => actions.Labels.Add(transaction, writer, issue, [action.Value]),
            PersonActionKind.RemoveLabel => actions.Labels.Remove(transaction, writer, issue, action.Value),
            PersonActionKind.Assign => actions.Assignees.Add(transaction, writer, issue, [transaction.Accounts.Named(action.Value)]),
            PersonActionKind.Unassign =>
                actions.Assignees.Remove(
                    transaction, writer, issue, [.. issue.Assignees.Select(transaction.Accounts.Named).Where(a => a.Is(action.Value))]),
            PersonActionKind.Comment => actions.Comments.Add(transaction, writer, issue, action.Text ?? "").Issue,
            PersonActionKind.CloseAsCompleted => actions.Issues.Close(transaction, writer, issue, "completed"),
            PersonActionKind.CloseAsNotPlanned => actions.Issues.Close(transaction, writer, issue, "not_planned"),
            PersonActionKind.Reopen => actions.Issues.Reopen(transaction, writer, issue),
            PersonActionKind.Merge => Merge(transaction, writer, issue),
            _ => actions.Issues.Delete(transaction, writer, issue),
        };
    }

    // Copilot opens the pull request, the person merges it.
    private SimulatedIssue Merge(StateTransaction transaction, WriteContext writer, SimulatedIssue issue)
    {
        SimulatedIssue pull = issue.IsPullRequest
            ? issue
            : actions.Issues.Open(
                transaction,
                writer with { Account = transaction.Accounts.Copilot },
                issue.Repository,
                new NewIssue($"Work on: {issue.Title}", $"Closes #{issue.Number}", [], IsPullRequest: true, [issue.Number]));
        return actions.Issues.Merge(transaction, writer, pull);
    }
}
