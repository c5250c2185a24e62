using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Undo;

/// <summary>The write that takes the pipeline's work on an issue back, or why the issue is left as it is.</summary>
/// <param name="Unassigns">Whether Copilot is unassigned.</param>
public sealed record UndoPlan(IssueChange Change, bool Unassigns, Refusal? Refused = null)
{
    /// <summary>Maximum difference assumed between GitHub's clock and ours.</summary>
    private static readonly TimeSpan MaxClockSkew = TimeSpan.FromSeconds(2);

    private static readonly CommentKind[] AnalysisComments =
        [CommentKind.Assignment, CommentKind.NeedsReview, CommentKind.NeedsClarification];

    private static readonly StringComparer LabelComparer = StringComparer.OrdinalIgnoreCase;

    public bool IsEmpty => Change.IsEmpty && !Unassigns;

    /// <param name="issue">The issue as just read.</param>
    /// <param name="isRepeated">
    /// Whether an earlier attempt of the same undo may have made part of the write: what that part changed counts as untouched.
    /// </param>
    public static UndoPlan For(PlanContext context, IssueSnapshot issue, IssueUndo undo, bool isRepeated)
    {
        if ((undo.Refused ?? FindRefusal(context, issue, undo, isRepeated)) is { } refusal)
        {
            return new UndoPlan(IssueChange.None, Unassigns: false, refusal);
        }

        LabelSet labels = new(issue.Labels);
        string body = undo.IncludesPreparation ? GuidanceSection.Remove(issue.Body, issue.Ref, context.Markers) : issue.Body;
        IssueChange change = new()
        {
            Body = body == issue.Body ? null : body,
            AddLabels = labels.GetMissing(undo.Added),
            RemoveLabels = labels.GetPresent(undo.Removed),
            DeletedComments = [.. issue.OwnComments.Where(c => IsUndone(context, issue, c, undo)).Select(c => c.NodeId)],
        };
        return new UndoPlan(change, undo.IncludesPreparation && issue.Assignees.Any(CopilotLogin.IsCopilot));
    }

    /// <summary>Describes the write in one line.</summary>
    public string Describe()
    {
        string[] parts =
        [
            .. Change.Body is null ? Array.Empty<string>() : ["guidance removed"],
            .. Change.RemoveLabels.Select(label => $"−{label}"),
            .. Change.AddLabels.Select(label => $"+{label}"),
            .. Change.DeletedComments.Count switch
            {
                0 => Array.Empty<string>(),
                1 => ["1 comment deleted"],
                var count => [$"{count} comments deleted"],
            },
            .. Unassigns ? ["Copilot unassigned"] : Array.Empty<string>(),
        ];
        return parts.Length == 0 ? "nothing was left to take back" : string.Join(", ", parts);
    }

    private static Refusal? FindRefusal(PlanContext context, IssueSnapshot issue, IssueUndo undo, bool isRepeated) => issue switch
    {
        { IsOpen: false } => new Refusal(SkipCodes.Closed, "The issue is closed."),
        _ when issue.HasLabel(WorkflowLabels.Completed) => new Refusal(SkipCodes.Completed, "The issue is completed."),
        { IsClosedByMerge: true } => new Refusal(UndoCodes.PullRequestMerged, "Its pull request was merged."),
        { HasOpenPullRequest: true } =>
            new Refusal(UndoCodes.OpenPullRequest, "It has an open pull request: close that first, or keep the work."),
        _ when WasCommented(issue, undo) =>
            new Refusal(UndoCodes.CommentedSince, "Somebody has commented since: take it back by hand if they agree."),
        _ when WasTouched(context, issue, undo, isRepeated) => new Refusal(
            UndoCodes.TouchedSince, "Somebody has changed its title, text, labels or assignees since: take it back by hand if they agree."),
        _ => null,
    };

    // By GitHub's clock alone, where it has the time of a write of ours. Its times are whole seconds: in doubt the issue is left alone.
    private static bool WasCommented(IssueSnapshot issue, IssueUndo undo)
    {
        DateTimeOffset? ours = issue.OwnComments.Select(c => c.CreatedAt)
            .Concat(issue.Edits.Where(e => e.ByUs).Select(e => e.EditedAt))
            .Max(at => (DateTimeOffset?)at);
        return issue.OthersCommentedAt >= (ours ?? undo.Last.Started);
    }

    private static bool WasTouched(PlanContext context, IssueSnapshot issue, IssueUndo undo, bool isRepeated)
    {
        IssueSnapshot before = isRepeated
            ? issue with { Labels = [.. issue.Labels.Union(undo.Removed, LabelComparer).Except(undo.Added, LabelComparer)] }
            : issue;

        // The hash leaves our section out.
        return GuidanceSection.IsEdited(issue.Body, issue.Ref, context.Markers)
            || InputHash.Compute(before, context.Markers) != undo.Last.InputHash
            || (undo.Last.Kind == RunKind.Undo && issue.Assignees.Any(CopilotLogin.IsPerson))
            || (!isRepeated && undo.Last.Kind == RunKind.Run && issue.UpdatedAt > undo.Last.Ended + MaxClockSkew);
    }

    private static bool IsUndone(PlanContext context, IssueSnapshot issue, OwnComment comment, IssueUndo undo) =>
        CommentMarkers.FindKind(issue.Ref, comment, context.Markers) is { } kind
        && (undo.Comments.Contains(comment.NodeId) || comment.CreatedAt >= undo.From - MaxClockSkew)
        && !(undo.KeepsAnalysis && AnalysisComments.Contains(kind));
}
