using System.Globalization;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Core.Planning;

/// <summary>Describes writes without making them, and computes an issue as it would be after them.</summary>
public static class DryRun
{
    /// <summary>Describes the assignment of Copilot.</summary>
    /// <param name="step">The step that would make the write.</param>
    public static PlannedWrite AssignCopilot(string step) => new() { Step = step, AssignsCopilot = true };

    /// <summary>Describes a write; null when it is empty, since it would not be sent.</summary>
    /// <param name="step">The step that would make it.</param>
    public static PlannedWrite? Describe(PlanContext context, IssueSnapshot issue, IssueChange change, string step) => change.IsEmpty
        ? null
        : new PlannedWrite
        {
            Step = step,
            Body = change.Body is { } body ? BodyLine(context, issue, body) : null,
            AddLabels = change.AddLabels,
            RemoveLabels = change.RemoveLabels,
            Comment = CommentsLine(change),
            Closes = change.Close,
        };

    /// <summary>Returns the issue as it would be after the change.</summary>
    public static IssueSnapshot ApplyChange(IssueSnapshot issue, IssueChange change)
    {
        HashSet<string> removed = new(change.RemoveLabels, StringComparer.OrdinalIgnoreCase);
        return issue with
        {
            Body = change.Body ?? issue.Body,
            Labels =
                [.. issue.Labels.Concat(new LabelSet(issue.Labels).GetMissing(change.AddLabels)).Where(label => !removed.Contains(label))],
            OwnComments = change.Comment is { } comment ? WithComment(issue, comment) : issue.OwnComments,
            IsOpen = issue.IsOpen && !change.Close,
            ClosedAs = change.Close ? CloseReason.Completed : issue.ClosedAs,
        };
    }

    private static IReadOnlyList<OwnComment> WithComment(IssueSnapshot issue, CommentChange comment) => comment.NodeId is { } id
        ? [.. issue.OwnComments.Select(own => own.NodeId == id ? own with { Body = comment.Body } : own)]
        : [.. issue.OwnComments, new OwnComment($"planned-{issue.OwnComments.Count}", comment.Body, issue.UpdatedAt)];

    private static string BodyLine(PlanContext context, IssueSnapshot issue, string body)
    {
        string? before = GuidanceSection.Read(issue.Body, issue.Ref, context.Markers);
        string? after = GuidanceSection.Read(body, issue.Ref, context.Markers);
        return (before, after) switch
        {
            (null, { } added) => $"add the guidance section ({Count(added.Length)}) behind the text",
            ({ } old, { } replaced) => $"replace the guidance section ({Count(old.Length)} → {Count(replaced.Length)})",
            ({ } gone, null) => $"remove the guidance section ({Count(gone.Length)})",
            _ => "change the body",
        };
    }

    private static string? CommentsLine(IssueChange change)
    {
        string[] lines = [.. change.Comment is { } comment ? [CommentLine(comment)] : Array.Empty<string>(),
            .. change.ResolvedComments.Select(CommentLine)];
        return lines.Length == 0 ? null : string.Join("; ", lines);
    }

    // The first line of our comments is a heading of our own, so it may be shown.
    private static string CommentLine(CommentChange comment) =>
        $"{(comment.NodeId is null ? "write" : "replace")}: {comment.Body.Split('\n')[0].TrimStart('#', ' ')} " +
            $"({Count(comment.Body.Length)})";

    private static string Count(int characters) => $"{characters.ToString("N0", CultureInfo.InvariantCulture)} characters";
}
