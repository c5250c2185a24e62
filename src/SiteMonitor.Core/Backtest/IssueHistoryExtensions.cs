using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Backtest;

/// <summary>Rebuilds an exported issue as it was opened, and finds what people did with it.</summary>
public static class IssueHistoryExtensions
{
    /// <summary>
    /// Labels set within this time count as set at the opening: GitHub reports those as separate events, and an issue form's automation
    /// adds its own seconds later.
    /// </summary>
    private static readonly TimeSpan OpeningWindow = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Returns the issue as a run would have found it right after it was opened. It has no labels that were set later, and no specialist's
    /// label, which would give the answer away.
    /// </summary>
    public static IssueSnapshot CreateSnapshotAsOpened(
        this IssueHistory issue, RepositoryRef repository, SpecialistCatalogue catalogue) => new()
    {
        Ref = new IssueRef(repository, issue.Number),
        NodeId = string.Empty,
        Title = issue.Title,
        Body = issue.Body,
        IsOpen = true,
        Labels = issue.GetLabelsAsOpened(catalogue),
        Assignees = [],
        Author = issue.Author,
        CreatedAt = issue.CreatedAt,
        UpdatedAt = issue.CreatedAt,
    };

    /// <summary>Returns <c>site-monitor</c> and the labels of the opening, without those that the pipeline manages.</summary>
    public static IReadOnlyList<string> GetLabelsAsOpened(this IssueHistory issue, SpecialistCatalogue catalogue) =>
    [
        WorkflowLabels.SiteMonitor,
        .. issue.LabelEvents
            .Where(e => e.IsAdded && e.At <= issue.CreatedAt + OpeningWindow)
            .Select(e => e.Label)
            .Except(WorkflowLabels.GetManaged(catalogue), StringComparer.OrdinalIgnoreCase),
    ];

    /// <summary>
    /// Returns what people did: the specialists whose labels stayed, if a person set them, the issue was closed as completed or its pull
    /// request was merged. The answer is unknown if only a bot set the label, or if all pull requests were closed without a merge.
    /// </summary>
    public static HumanDecision FindHumanDecision(this IssueHistory issue, SpecialistCatalogue catalogue)
    {
        IReadOnlyList<string> last = FindLastLabels(issue);
        string[] stayed = [.. WorkflowLabels.GetSpecialists(catalogue).Where(s => last.Contains(s, StringComparer.OrdinalIgnoreCase))];
        if (stayed.Length == 0)
        {
            return issue.ClosedAs == CloseReason.NotPlanned ? new HumanDecision(HumanDecisionKind.Nobody, []) : HumanDecision.Unknown;
        }

        bool isMerged = issue.PullRequests.Any(p => p.End == PullRequestEnd.Merged);
        bool areAllPullRequestsClosed = !isMerged && issue.PullRequests.Any(p => p.End == PullRequestEnd.Closed)
            && issue.PullRequests.All(p => p.End != PullRequestEnd.Open);
        bool isConfirmed = isMerged || issue.ClosedAs == CloseReason.Completed || stayed.All(label => IsSetByPerson(issue, label));
        return isConfirmed && !areAllPullRequestsClosed ? new HumanDecision(HumanDecisionKind.Specialists, stayed) : HumanDecision.Unknown;
    }

    /// <summary>Completing an issue removes the specialists' labels: then those count that it had just before.</summary>
    private static IReadOnlyList<string> FindLastLabels(IssueHistory issue)
    {
        if (!issue.Labels.Contains(WorkflowLabels.Completed, StringComparer.OrdinalIgnoreCase)
            || issue.LabelEvents.LastOrDefault(
                e => e.IsAdded && e.Label.Equals(WorkflowLabels.Completed, StringComparison.OrdinalIgnoreCase)) is not { } completed)
        {
            return issue.Labels;
        }

        HashSet<string> labels = new(StringComparer.OrdinalIgnoreCase);
        foreach (LabelEvent e in issue.LabelEvents.TakeWhile(e => e.At < completed.At))
        {
            _ = e.IsAdded ? labels.Add(e.Label) : labels.Remove(e.Label);
        }

        return [.. labels];
    }

    private static bool IsSetByPerson(IssueHistory issue, string label) =>
        issue.LabelEvents.LastOrDefault(e => e.IsAdded && e.Label.Equals(label, StringComparison.OrdinalIgnoreCase)) is { IsByBot: false };
}
