using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Adds, edits and deletes comments.</summary>
internal sealed class CommentActions(IssueEvents events)
{
    public (SimulatedIssue Issue, SimulatedComment Comment) Add(
        StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string body)
    {
        Check(body);
        if (issue.IsLocked && writer.Via != "person")
        {
            throw GitHubErrorException.Forbidden("Unable to create comment because issue is locked.");
        }

        SimulatedComment comment = new(transaction.NextId(), writer.Account.Login, body, transaction.Now, transaction.Now);
        issue = transaction.Put(issue with { Comments = issue.Comments.Add(comment), UpdatedAt = transaction.Now });
        transaction.LogWrite(writer, WriteKind.Commented, issue.Reference, "", TextSummary.Of(body));
        events.Comment(transaction, writer, issue, comment, "created");
        return (issue, comment);
    }

    public (SimulatedIssue Issue, SimulatedComment Comment) Edit(
        StateTransaction transaction, WriteContext writer, SimulatedIssue issue, SimulatedComment comment, string body)
    {
        Check(body);
        CheckAuthor(writer, comment);
        bool changes = comment.Body != body;
        transaction.LogWrite(writer, WriteKind.CommentEdited, issue.Reference, TextSummary.Of(comment.Body), TextSummary.Of(body), changes);
        if (!changes)
        {
            return (issue, comment);
        }

        SimulatedComment edited = comment with { Body = body, UpdatedAt = transaction.Now, Editor = writer.Account.Login };
        issue = transaction.Put(issue with { Comments = issue.Comments.Replace(comment, edited), UpdatedAt = transaction.Now });
        events.Comment(transaction, writer, issue, edited, "edited");
        return (issue, edited);
    }

    /// <summary>Deletes a comment, which anyone with push access may do.</summary>
    public SimulatedIssue Delete(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, SimulatedComment comment)
    {
        issue = transaction.Put(issue with { Comments = issue.Comments.Remove(comment), UpdatedAt = transaction.Now });
        transaction.LogWrite(writer, WriteKind.CommentDeleted, issue.Reference, TextSummary.Of(comment.Body), "");
        events.Comment(transaction, writer, issue, comment, "deleted");
        return issue;
    }

    private static void Check(string body)
    {
        if (string.IsNullOrWhiteSpace(body))
        {
            throw GitHubErrorException.Invalid("IssueComment", "body", "missing_field", "body cannot be blank");
        }

        IssueActions.CheckBody("IssueComment", body);
    }

    // Stricter than GitHub, where anyone with push access may edit any comment: the product never edits comments of others.
    private static void CheckAuthor(WriteContext writer, SimulatedComment comment)
    {
        if (comment.Author != writer.Account.Login && writer.Via != "person")
        {
            throw GitHubErrorException.Forbidden("Must have admin rights to Repository.");
        }
    }
}
