using System.Globalization;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Control;

/// <summary>Performs the actions of people, who have all permissions and cause the same webhooks.</summary>
/// <param name="defaultRepository">For actions that name none.</param>
internal sealed class PersonActions(
    SandboxState state, GitHubActions actions, RequestHooks hooks, RequestCounters counters, string defaultRepository)
{
    /// <summary>Returns the changed issue; null if the action waits for a request or changes a repository.</summary>
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
        SimulatedRepository repository =
            state.FindRepository(action.Repository ?? defaultRepository) ?? throw GitHubErrorException.NotFound();
        for (int number = 1; number < action.Times; number++)
        {
            PersonAction numbered = action with { Value = $"{action.Value} ({number.ToString(CultureInfo.InvariantCulture)})" };
            state.Write(transaction => Perform(transaction, writer, repository, numbered));
        }

        return state.Write(transaction => Perform(transaction, writer, repository, action));
    }

    private SimulatedIssue? Perform(StateTransaction transaction, WriteContext writer, SimulatedRepository repository, PersonAction action)
    {
        if (Change(repository, action) is { } changed)
        {
            transaction.Put(changed);
            transaction.LogWrite(writer, WriteKind.RepositoryChanged, repository.Key, repository.FullName, changed.FullName);
            return null;
        }

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
            PersonActionKind.DeleteRevision => IssueActions.DeleteRevision(transaction, issue),
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
            PersonActionKind.OpenPullRequest => OpenPullRequest(transaction, writer, issue),
            PersonActionKind.Merge => Merge(transaction, writer, issue),
            PersonActionKind.Lock => actions.Issues.SetLocked(transaction, writer, issue, isLocked: true),
            PersonActionKind.Unlock => actions.Issues.SetLocked(transaction, writer, issue, isLocked: false),
            PersonActionKind.Transfer => actions.Issues.Transfer(transaction, writer, issue, action.Value),
            _ => actions.Issues.Delete(transaction, writer, issue),
        };
    }

    private static SimulatedRepository? Change(SimulatedRepository repository, PersonAction action) => action.Do switch
    {
        PersonActionKind.RenameRepository =>
            repository with { Name = action.Value, OriginalName = repository.OriginalName ?? repository.Name },
        PersonActionKind.ArchiveRepository => repository with { IsArchived = true },
        PersonActionKind.UnarchiveRepository => repository with { IsArchived = false },
        PersonActionKind.DisableIssues => repository with { AreIssuesDisabled = true },
        PersonActionKind.EnableIssues => repository with { AreIssuesDisabled = false },
        _ => null,
    };

    // Copilot opens the pull request, the person merges it.
    private SimulatedIssue Merge(StateTransaction transaction, WriteContext writer, SimulatedIssue issue) =>
        actions.Issues.Merge(transaction, writer, issue.IsPullRequest ? issue : OpenPullRequest(transaction, writer, issue));

    private SimulatedIssue OpenPullRequest(StateTransaction transaction, WriteContext writer, SimulatedIssue issue) => actions.Issues.Open(
        transaction,
        writer with { Account = transaction.Accounts.Copilot },
        issue.Repository,
        new NewIssue($"Work on: {issue.Title}", $"Closes #{issue.Number}", [], IsPullRequest: true, [issue.Number]));
}
