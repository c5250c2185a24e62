using System.Collections.Immutable;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Changes text and state of issues inside a <see cref="StateTransaction"/>, writing the log and the webhook events.</summary>
internal sealed class IssueActions(IssueEvents events)
{
    /// <summary>GitHub's limit for bodies and comments, taken as UTF-16 code units, the strictest interpretation.</summary>
    public const int MaxBodyLength = 65536;

    public const int MaxTitleLength = 256;

    public SimulatedIssue Open(StateTransaction transaction, WriteContext writer, string repositoryKey, NewIssue issue)
    {
        // GitHub accepted an imported text; with pseudonyms it may have become longer than the limits.
        if (issue.ImportedNumber is null)
        {
            CheckTitle(issue.Title);
            CheckBody("Issue", issue.Body);
        }

        SimulatedRepository repository = transaction.Repository(repositoryKey);
        repository = transaction.Put(repository with { LastNumber = repository.LastNumber + 1 });
        ImmutableArray<string> labels = LabelActions.FindOrCreate(transaction, writer, repositoryKey, issue.Labels);
        SimulatedIssue opened = transaction.Put(new SimulatedIssue
        {
            Id = transaction.NextId(),
            Repository = repositoryKey,
            Number = repository.LastNumber,
            Title = issue.Title,
            Body = issue.Body,
            Author = writer.Account.Login,
            CreatedAt = transaction.Now,
            ImportedNumber = issue.ImportedNumber,
            UpdatedAt = transaction.Now,
            IsPullRequest = issue.IsPullRequest,
            Closes = [.. issue.Closes],
            Labels = labels,
            Events = [.. labels.Select(label => transaction.CreateEvent(writer, SimulatedEventKind.LabeledEvent, label))],
        });
        transaction.LogWrite(writer, WriteKind.IssueOpened, opened.Reference, "", TextSummary.Of(issue.Title));
        events.Issue(transaction, writer, opened, "opened");
        foreach (string label in opened.Labels)
        {
            events.Labeled(transaction, writer, opened, label, added: true);
        }

        return opened;
    }

    public SimulatedIssue EditTitle(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string title)
    {
        CheckTitle(title);
        bool changes = title != issue.Title;
        SimulatedIssue edited = !changes ? issue : transaction.Put(issue with
        {
            Title = title,
            Events = issue.Events.Add(transaction.CreateEvent(writer, SimulatedEventKind.RenamedTitleEvent, title, issue.Title)),
            UpdatedAt = transaction.Now,
        });
        transaction.LogWrite(writer, WriteKind.Title, issue.Reference, TextSummary.Of(issue.Title), TextSummary.Of(title), changes);
        if (changes)
        {
            events.Edited(transaction, writer, edited, "title", issue.Title);
        }

        return edited;
    }

    public static SimulatedIssue DeleteRevision(StateTransaction transaction, SimulatedIssue issue) => issue.Edits.IsEmpty
        ? issue
        : transaction.Put(issue with
        {
            Edits = issue.Edits.SetItem(issue.Edits.Count - 1, issue.Edits[^1] with { DeletedAt = transaction.Now }),
        });

    public SimulatedIssue EditBody(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string? body)
    {
        CheckBody("Issue", body);
        if ((body ?? "") == (issue.Body ?? ""))
        {
            transaction.LogWrite(
                writer, WriteKind.Body, issue.Reference, TextSummary.Of(issue.Body), TextSummary.Of(body), effective: false);
            return issue;
        }

        ImmutableList<SimulatedEdit> edits = issue.Edits;
        if (edits.IsEmpty)
        {
            edits = edits.Add(new SimulatedEdit(transaction.NextId(), issue.Author, issue.CreatedAt, issue.Body ?? ""));
        }

        edits = edits.Add(new SimulatedEdit(transaction.NextId(), writer.Account.Login, transaction.Now, body ?? ""));
        SimulatedIssue edited = transaction.Put(issue with { Body = body, Edits = edits, UpdatedAt = transaction.Now });
        transaction.LogWrite(writer, WriteKind.Body, issue.Reference, TextSummary.Of(issue.Body), TextSummary.Of(body));
        events.Edited(transaction, writer, edited, "body", issue.Body);
        return edited;
    }

    public SimulatedIssue Close(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string reason)
    {
        bool changes = issue.IsOpen || issue.StateReason != reason;
        transaction.LogWrite(writer, WriteKind.Closed, issue.Reference, State(issue), $"closed {reason}", changes);
        if (!changes)
        {
            return issue;
        }

        SimulatedIssue closed = transaction.Put(
            issue with
            {
                IsOpen = false,
                StateReason = reason,
                ClosedAt = transaction.Now,
                ClosedBy = writer.Account.Login,
                UpdatedAt = transaction.Now,
            });
        events.Issue(transaction, writer, closed, "closed");
        return closed;
    }

    public SimulatedIssue Reopen(StateTransaction transaction, WriteContext writer, SimulatedIssue issue)
    {
        if (issue.IsMerged)
        {
            throw GitHubErrorException.Invalid("Issue", "state", "invalid", "state cannot be changed. The pull request was merged.");
        }

        transaction.LogWrite(writer, WriteKind.Reopened, issue.Reference, State(issue), "open", !issue.IsOpen);
        if (issue.IsOpen)
        {
            return issue;
        }

        SimulatedIssue reopened = transaction.Put(
            issue with { IsOpen = true, StateReason = "reopened", ClosedAt = null, ClosedBy = null, UpdatedAt = transaction.Now });
        events.Issue(transaction, writer, reopened, "reopened");
        return reopened;
    }

    public SimulatedIssue Delete(StateTransaction transaction, WriteContext writer, SimulatedIssue issue)
    {
        SimulatedIssue deleted = transaction.Put(issue with { IsDeleted = true, UpdatedAt = transaction.Now });
        transaction.LogWrite(writer, WriteKind.IssueDeleted, issue.Reference, State(issue), "deleted");
        events.Issue(transaction, writer, issue, "deleted");
        return deleted;
    }

    public SimulatedIssue SetLocked(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, bool isLocked)
    {
        transaction.LogWrite(writer, isLocked ? WriteKind.Locked : WriteKind.Unlocked, issue.Reference, "", "", issue.IsLocked != isLocked);
        if (issue.IsLocked == isLocked)
        {
            return issue;
        }

        SimulatedIssue changed = transaction.Put(issue with { IsLocked = isLocked, UpdatedAt = transaction.Now });
        events.Issue(transaction, writer, changed, isLocked ? "locked" : "unlocked");
        return changed;
    }

    /// <summary>Moves an issue to another repository, which is created if absent. Labels and assignees stay behind.</summary>
    public SimulatedIssue Transfer(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string target)
    {
        string[] name =
            target.Split('/') is [_, _] parts ? parts : throw GitHubErrorException.BadRequest("Name the repository as owner/repo.");
        SimulatedRepository repository = transaction.FindRepository(target) ?? new SimulatedRepository
        {
            Id = transaction.NextId(),
            Owner = name[0],
            Name = name[1],
            Labels = [],
            CreatedAt = transaction.Now,
        };
        repository = transaction.Put(repository with { LastNumber = repository.LastNumber + 1 });
        SimulatedIssue moved = transaction.Put(issue with
        {
            Id = transaction.NextId(),
            Repository = repository.Key,
            Number = repository.LastNumber,
            Labels = [],
            Assignees = [],
            Events = [],
            UpdatedAt = transaction.Now,
        });
        transaction.Put(issue with { IsDeleted = true, TransferredTo = moved.Reference, UpdatedAt = transaction.Now });
        transaction.LogWrite(writer, WriteKind.Transferred, issue.Reference, "", moved.Reference);
        events.Transferred(transaction, writer, issue, moved);
        return moved;
    }

    /// <summary>Merges a pull request and closes the issues it names, as GitHub does for the default branch.</summary>
    public SimulatedIssue Merge(StateTransaction transaction, WriteContext writer, SimulatedIssue pull)
    {
        SimulatedIssue merged = transaction.Put(
            pull with
            {
                IsOpen = false,
                IsMerged = true,
                ClosedAt = transaction.Now,
                ClosedBy = writer.Account.Login,
                UpdatedAt = transaction.Now,
            });
        transaction.LogWrite(writer, WriteKind.Merged, pull.Reference, State(pull), "merged");
        events.Issue(transaction, writer, merged, "closed");
        foreach (int number in pull.Closes)
        {
            if (transaction.FindIssue(pull.Repository, number) is { IsOpen: true, IsDeleted: false } issue)
            {
                Close(transaction, writer, issue, "completed");
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

/// <summary>An issue or pull request to create.</summary>
/// <param name="Closes">Issues that a pull request closes when it is merged.</param>
internal sealed record NewIssue(string Title, string? Body, IReadOnlyList<string> Labels, bool IsPullRequest, IReadOnlyList<int> Closes)
{
    /// <summary>Its number in the import; null for an issue that is not imported.</summary>
    public int? ImportedNumber { get; init; }
}
