using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Comments on issues.</summary>
internal sealed class CommentActions(IssueEvents events)
{
    public (SimulatedIssue Issue, SimulatedComment Comment) Add(StateTransaction draft, WriteContext by, SimulatedIssue issue, string body)
    {
        Check(body);
        SimulatedComment comment = new(draft.NextId(), by.By.Login, body, draft.Now, draft.Now);
        issue = draft.Put(issue with { Comments = issue.Comments.Add(comment), UpdatedAt = draft.Now });
        draft.LogWrite(by, WriteKind.Commented, issue.Reference, "", TextSummary.Of(body));
        events.Comment(draft, by, issue, comment, "created");
        return (issue, comment);
    }

    public (SimulatedIssue Issue, SimulatedComment Comment) Edit(StateTransaction draft, WriteContext by, SimulatedIssue issue, SimulatedComment comment, string body)
    {
        Check(body);
        CheckAuthor(by, comment);
        bool changes = comment.Body != body;
        draft.LogWrite(by, WriteKind.CommentEdited, issue.Reference, TextSummary.Of(comment.Body), TextSummary.Of(body), changes);
        if (!changes)
        {
            return (issue, comment);
        }

        SimulatedComment edited = comment with { Body = body, UpdatedAt = draft.Now, Editor = by.By.Login };
        issue = draft.Put(issue with { Comments = issue.Comments.Replace(comment, edited), UpdatedAt = draft.Now });
        events.Comment(draft, by, issue, edited, "edited");
        return (issue, edited);
    }

    public SimulatedIssue Delete(StateTransaction draft, WriteContext by, SimulatedIssue issue, SimulatedComment comment)
    {
        CheckAuthor(by, comment);
        issue = draft.Put(issue with { Comments = issue.Comments.Remove(comment), UpdatedAt = draft.Now });
        draft.LogWrite(by, WriteKind.CommentDeleted, issue.Reference, TextSummary.Of(comment.Body), "");
        events.Comment(draft, by, issue, comment, "deleted");
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

    // A stricter rule than GitHub's, where whoever may push may edit any comment: our product never edits what others wrote.
    private static void CheckAuthor(WriteContext by, SimulatedComment comment)
    {
        if (comment.Author != by.By.Login && by.Via != "person")
        {
            throw GitHubErrorException.Forbidden("Must have admin rights to Repository.");
        }
    }
}
