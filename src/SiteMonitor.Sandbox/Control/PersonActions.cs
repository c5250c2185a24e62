using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Control;

/// <summary>Carries out what people do: they may everything, and cause the same webhooks.</summary>
internal sealed class PersonActions(SandboxState state, GitHubActions book, RequestHooks hooks, RequestCounters counters)
{
    /// <summary>The issue afterwards; null when the deed waits for a request.</summary>
    public SimulatedIssue? Perform(PersonAction action)
    {
        if ((action.Before ?? action.After) is { } match)
        {
            PersonAction deed = action with { Before = null, After = null };
            hooks.Add(match, after: action.Before is null, _ =>
            {
                Perform(deed);
                return Task.CompletedTask;
            });
            return null;
        }

        WriteContext by = new(state.Accounts.Named(action.Login), "person", counters.NextRequest());
        string[] name = action.Repository.Split('/');
        SimulatedRepository repository = (name.Length == 2 ? state.FindRepository(name[0], name[1]) : null) ?? throw GitHubErrorException.NotFound();
        return state.Write(draft => Perform(draft, by, repository, action));
    }

    private SimulatedIssue Perform(StateTransaction draft, WriteContext by, SimulatedRepository repository, PersonAction action)
    {
        if (action.Do == PersonActionKind.Open)
        {
            return book.Issues.Open(draft, by, repository.Key, new NewIssue(action.Value, action.Text, action.Labels, IsPullRequest: false, []));
        }

        SimulatedIssue issue = draft.FindIssue(repository.Key, action.Number) is { IsDeleted: false } found ? found : throw GitHubErrorException.NotFound();
        return action.Do switch
        {
            PersonActionKind.EditBody => book.Issues.EditBody(draft, by, issue, action.Text),
            PersonActionKind.AppendToBody => book.Issues.EditBody(draft, by, issue, issue.Body + action.Text),
            PersonActionKind.EditTitle => book.Issues.EditTitle(draft, by, issue, action.Value),
            PersonActionKind.AddLabel => book.Labels.Add(draft, by, issue, [action.Value]),
            PersonActionKind.RemoveLabel => book.Labels.Remove(draft, by, issue, action.Value),
            PersonActionKind.Assign => book.Assignees.Add(draft, by, issue, [draft.Accounts.Named(action.Value)]),
            PersonActionKind.Unassign => book.Assignees.Remove(draft, by, issue, [.. issue.Assignees.Select(draft.Accounts.Named).Where(a => a.Is(action.Value))]),
            PersonActionKind.Comment => book.Comments.Add(draft, by, issue, action.Text ?? "").Issue,
            PersonActionKind.CloseAsCompleted => book.Issues.Close(draft, by, issue, "completed"),
            PersonActionKind.CloseAsNotPlanned => book.Issues.Close(draft, by, issue, "not_planned"),
            PersonActionKind.Reopen => book.Issues.Reopen(draft, by, issue),
            PersonActionKind.Merge => Merge(draft, by, issue),
            _ => book.Issues.Delete(draft, by, issue),
        };
    }

    // Copilot opens the pull request, the person merges it.
    private SimulatedIssue Merge(StateTransaction draft, WriteContext by, SimulatedIssue issue)
    {
        SimulatedIssue pull = issue.IsPullRequest
            ? issue
            : book.Issues.Open(
                draft,
                by with { By = draft.Accounts.Copilot },
                issue.Repository,
                new NewIssue($"Work on: {issue.Title}", $"Closes #{issue.Number}", [], IsPullRequest: true, [issue.Number]));
        return book.Issues.Merge(draft, by, pull);
    }
}
