using System.Globalization;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Control;

/// <summary>Performs the actions of people, who have all permissions and cause the same webhooks.</summary>
/// <param name="defaultRepository">For actions that name none.</param>
internal sealed class UserActionExecutor(
    SandboxState state, GitHubActions actions, RequestHooks hooks, RequestCounters counters, string defaultRepository)
{
    /// <summary>Returns the changed issue; null if the action waits for a request or changes a repository.</summary>
    public SimulatedIssue? Perform(UserAction action)
    {
        if ((action.Before ?? action.After) is { } match)
        {
            UserAction immediate = action with { Before = null, After = null };
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
            UserAction numbered = action with { Value = $"{action.Value} ({number.ToString(CultureInfo.InvariantCulture)})" };
            state.Write(transaction => Perform(transaction, writer, repository, numbered));
        }

        return state.Write(transaction => Perform(transaction, writer, repository, action));
    }

    /// <summary>Opens an issue of an import on behalf of its author, who is <c>ghost</c> when the account is deleted.</summary>
    public SimulatedIssue Open(ImportedIssue issue)
    {
        string login = issue.Author.Length > 0 ? issue.Author : "ghost";
        WriteContext writer = new(state.Accounts.Named(login), "person", counters.NextRequest());
        NewIssue opened = new(issue.Title, issue.Body, issue.Labels, IsPullRequest: false, []) { ImportedNumber = issue.Number };
        return state.Write(transaction => actions.Issues.Open(transaction, writer, state.FindRepository(defaultRepository)!.Key, opened));
    }

    private SimulatedIssue? Perform(StateTransaction transaction, WriteContext writer, SimulatedRepository repository, UserAction action)
    {
        if (Change(repository, action) is { } changed)
        {
            transaction.Put(changed);
            transaction.LogWrite(writer, WriteKind.RepositoryChanged, repository.Key, repository.FullName, changed.FullName);
            return null;
        }

        if (action.Do == UserActionKind.Open)
        {
            return actions.Issues.Open(
                transaction, writer, repository.Key, new NewIssue(action.Value, action.Text, action.Labels, IsPullRequest: false, []));
        }

        SimulatedIssue issue = transaction.FindIssue(repository.Key, action.Number) is { IsDeleted: false } found
            ? found
            : throw GitHubErrorException.NotFound();
        return action.Do switch
        {
            UserActionKind.EditBody => actions.Issues.EditBody(transaction, writer, issue, action.Text),
            UserActionKind.AppendToBody => actions.Issues.EditBody(transaction, writer, issue, issue.Body + action.Text),
            UserActionKind.EditTitle => actions.Issues.EditTitle(transaction, writer, issue, action.Value),
            UserActionKind.DeleteRevision => IssueActions.DeleteRevision(transaction, issue),
            UserActionKind.AddLabel => actions.Labels.Add(transaction, writer, issue, [action.Value]),
            UserActionKind.RemoveLabel => actions.Labels.Remove(transaction, writer, issue, action.Value),
            UserActionKind.Assign => actions.Assignees.Add(transaction, writer, issue, [transaction.Accounts.Named(action.Value)]),
            UserActionKind.Unassign =>
                actions.Assignees.Remove(
                    transaction, writer, issue, [.. issue.Assignees.Select(transaction.Accounts.Named).Where(a => a.Is(action.Value))]),
            UserActionKind.Comment => actions.Comments.Add(transaction, writer, issue, action.Text ?? "").Issue,
            UserActionKind.CloseAsCompleted => actions.Issues.Close(transaction, writer, issue, "completed"),
            UserActionKind.CloseAsNotPlanned => actions.Issues.Close(transaction, writer, issue, "not_planned"),
            UserActionKind.Reopen => actions.Issues.Reopen(transaction, writer, issue),
            UserActionKind.OpenPullRequest => OpenPullRequest(transaction, writer, issue),
            UserActionKind.Merge => Merge(transaction, writer, issue),
            UserActionKind.Lock => actions.Issues.SetLocked(transaction, writer, issue, isLocked: true),
            UserActionKind.Unlock => actions.Issues.SetLocked(transaction, writer, issue, isLocked: false),
            UserActionKind.Transfer => actions.Issues.Transfer(transaction, writer, issue, action.Value),
            _ => actions.Issues.Delete(transaction, writer, issue),
        };
    }

    private static SimulatedRepository? Change(SimulatedRepository repository, UserAction action) => action.Do switch
    {
        UserActionKind.RenameRepository =>
            repository with { Name = action.Value, OriginalName = repository.OriginalName ?? repository.Name },
        UserActionKind.ArchiveRepository => repository with { IsArchived = true },
        UserActionKind.UnarchiveRepository => repository with { IsArchived = false },
        UserActionKind.DisableIssues => repository with { AreIssuesDisabled = true },
        UserActionKind.EnableIssues => repository with { AreIssuesDisabled = false },
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
