using System.Collections.Immutable;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Text and state of issues: what a write changes, logs and announces. Every method works inside a <see cref="StateTransaction"/>.</summary>
internal sealed class IssueActions(IssueEvents events)
{
    /// <summary>GitHub's limit for bodies and comments, counted in UTF-16 units: the stricter reading.</summary>
    public const int MaxBodyLength = 65536;

    public const int MaxTitleLength = 256;

    public SimulatedIssue Open(StateTransaction draft, WriteContext by, string repositoryKey, NewIssue issue)
    {
        CheckTitle(issue.Title);
        CheckBody("Issue", issue.Body);
        SimulatedRepository repository = draft.Repository(repositoryKey);
        repository = draft.Put(repository with { LastNumber = repository.LastNumber + 1 });
        SimulatedIssue opened = draft.Put(new SimulatedIssue
        {
            Id = draft.NextId(),
            Repository = repositoryKey,
            Number = repository.LastNumber,
            Title = issue.Title,
            Body = issue.Body,
            Author = by.By.Login,
            CreatedAt = draft.Now,
            UpdatedAt = draft.Now,
            IsPullRequest = issue.IsPullRequest,
            Closes = [.. issue.Closes],
            Labels = LabelActions.FindOrCreate(draft, by, repositoryKey, issue.Labels),
        });
        draft.LogWrite(by, WriteKind.IssueOpened, opened.Reference, "", TextSummary.Of(issue.Title));
        events.Issue(draft, by, opened, "opened");
        foreach (string label in opened.Labels)
        {
            events.Labeled(draft, by, opened, label, added: true);
        }

        return opened;
    }

    public SimulatedIssue EditTitle(StateTransaction draft, WriteContext by, SimulatedIssue issue, string title)
    {
        CheckTitle(title);
        bool changes = title != issue.Title;
        SimulatedIssue edited = changes ? draft.Put(issue with { Title = title, UpdatedAt = draft.Now }) : issue;
        draft.LogWrite(by, WriteKind.Title, issue.Reference, TextSummary.Of(issue.Title), TextSummary.Of(title), changes);
        if (changes)
        {
            events.Edited(draft, by, edited, "title", issue.Title);
        }

        return edited;
    }

    public SimulatedIssue EditBody(StateTransaction draft, WriteContext by, SimulatedIssue issue, string? body)
    {
        CheckBody("Issue", body);
        if ((body ?? "") == (issue.Body ?? ""))
        {
            draft.LogWrite(by, WriteKind.Body, issue.Reference, TextSummary.Of(issue.Body), TextSummary.Of(body), effective: false);
            return issue;
        }

        ImmutableList<SimulatedEdit> edits = issue.Edits;
        if (edits.IsEmpty)
        {
            edits = edits.Add(new SimulatedEdit(draft.NextId(), issue.Author, issue.CreatedAt, issue.Body ?? ""));
        }

        edits = edits.Add(new SimulatedEdit(draft.NextId(), by.By.Login, draft.Now, body ?? ""));
        SimulatedIssue edited = draft.Put(issue with { Body = body, Edits = edits, UpdatedAt = draft.Now });
        draft.LogWrite(by, WriteKind.Body, issue.Reference, TextSummary.Of(issue.Body), TextSummary.Of(body));
        events.Edited(draft, by, edited, "body", issue.Body);
        return edited;
    }

    public SimulatedIssue Close(StateTransaction draft, WriteContext by, SimulatedIssue issue, string reason)
    {
        bool changes = issue.IsOpen || issue.StateReason != reason;
        draft.LogWrite(by, WriteKind.Closed, issue.Reference, State(issue), $"closed {reason}", changes);
        if (!changes)
        {
            return issue;
        }

        SimulatedIssue closed = draft.Put(issue with { IsOpen = false, StateReason = reason, ClosedAt = draft.Now, ClosedBy = by.By.Login, UpdatedAt = draft.Now });
        events.Issue(draft, by, closed, "closed");
        return closed;
    }

    public SimulatedIssue Reopen(StateTransaction draft, WriteContext by, SimulatedIssue issue)
    {
        if (issue.IsMerged)
        {
            throw GitHubErrorException.Invalid("Issue", "state", "invalid", "state cannot be changed. The pull request was merged.");
        }

        draft.LogWrite(by, WriteKind.Reopened, issue.Reference, State(issue), "open", !issue.IsOpen);
        if (issue.IsOpen)
        {
            return issue;
        }

        SimulatedIssue reopened = draft.Put(issue with { IsOpen = true, StateReason = "reopened", ClosedAt = null, ClosedBy = null, UpdatedAt = draft.Now });
        events.Issue(draft, by, reopened, "reopened");
        return reopened;
    }

    public SimulatedIssue Delete(StateTransaction draft, WriteContext by, SimulatedIssue issue)
    {
        SimulatedIssue deleted = draft.Put(issue with { IsDeleted = true, UpdatedAt = draft.Now });
        draft.LogWrite(by, WriteKind.IssueDeleted, issue.Reference, State(issue), "deleted");
        events.Issue(draft, by, issue, "deleted");
        return deleted;
    }

    /// <summary>Merges a pull request and closes the issues it names, as GitHub does on the default branch.</summary>
    public SimulatedIssue Merge(StateTransaction draft, WriteContext by, SimulatedIssue pull)
    {
        SimulatedIssue merged = draft.Put(pull with { IsOpen = false, IsMerged = true, ClosedAt = draft.Now, ClosedBy = by.By.Login, UpdatedAt = draft.Now });
        draft.LogWrite(by, WriteKind.Merged, pull.Reference, State(pull), "merged");
        events.Issue(draft, by, merged, "closed");
        foreach (int number in pull.Closes)
        {
            if (draft.FindIssue(pull.Repository, number) is { IsOpen: true, IsDeleted: false } issue)
            {
                Close(draft, by, issue, "completed");
            }
        }

        return merged;
    }

    internal static void CheckBody(string resource, string? body)
    {
        if (body?.Length > MaxBodyLength)
        {
            throw GitHubErrorException.Invalid(resource, "body", "custom", "body is too long (maximum is 65536 characters)");
        }
    }

    private static void CheckTitle(string title)
    {
        if (string.IsNullOrWhiteSpace(title))
        {
            throw GitHubErrorException.Invalid("Issue", "title", "missing_field", "title can't be blank");
        }

        if (title.Length > MaxTitleLength)
        {
            throw GitHubErrorException.Invalid("Issue", "title", "custom", "title is too long (maximum is 256 characters)");
        }
    }

    private static string State(SimulatedIssue issue) => issue.IsOpen ? "open" : $"closed {issue.StateReason}".TrimEnd();
}

/// <summary>An issue (or pull request) to open.</summary>
/// <param name="Closes">For a pull request: the issues it closes when merged.</param>
internal sealed record NewIssue(string Title, string? Body, IReadOnlyList<string> Labels, bool IsPullRequest, IReadOnlyList<int> Closes);
