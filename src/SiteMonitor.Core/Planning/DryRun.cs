using System.Globalization;
using SiteMonitor.Core.Comments;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Core.Planning;

/// <summary>Says what writes would do, and shows an issue as it would be afterwards, without any of them.</summary>
public static class DryRun
{
    public static PlannedWrite AssignCopilot { get; } = new("assignee", "assign the Copilot coding agent");

    /// <summary>The lines for one change, in the order they would be written; none when it is empty.</summary>
    public static IReadOnlyList<PlannedWrite> Describe(PlanContext context, IssueSnapshot issue, IssueChange change)
    {
        List<PlannedWrite> lines = [];
        if (change.Body is { } body)
        {
            lines.Add(new PlannedWrite("body", BodyLine(context, issue, body)));
        }

        if (change.AddLabels.Count > 0 || change.RemoveLabels.Count > 0)
        {
            lines.Add(new PlannedWrite("labels", string.Join(", ", [.. change.AddLabels.Select(l => $"+{l}"), .. change.RemoveLabels.Select(l => $"-{l}")])));
        }

        if (change.Comment is { } comment)
        {
            string kind = CommentMarks.KindOf(comment.Body, issue.Ref, context.Markers)?.ToString() ?? "other";
            lines.Add(new PlannedWrite("comment", $"{(comment.NodeId is null ? "write" : "replace")} comment: {kind} ({Count(comment.Body.Length)})"));
        }

        if (change.Close)
        {
            lines.Add(new PlannedWrite("close", "close the issue as completed"));
        }

        return lines;
    }

    /// <summary>The issue as it would be after the change.</summary>
    public static IssueSnapshot After(IssueSnapshot issue, IssueChange change)
    {
        HashSet<string> removed = new(change.RemoveLabels, StringComparer.OrdinalIgnoreCase);
        return issue with
        {
            Body = change.Body ?? issue.Body,
            Labels = [.. issue.Labels.Concat(new LabelSet(issue.Labels).Missing(change.AddLabels)).Where(label => !removed.Contains(label))],
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

    private static string Count(int characters) => $"{characters.ToString("N0", CultureInfo.InvariantCulture)} characters";
}
