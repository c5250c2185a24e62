using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Backtest;

/// <summary>Shows an issue of an export as it stood when it was opened, and finds what people did with it.</summary>
public static class OpenedIssue
{
    /// <summary>GitHub reports the labels of the opening as events at the same time; a form's automation adds its own seconds later.</summary>
    private static readonly TimeSpan Opening = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Returns the issue as a run would have found it right after its opening. Labels that the pipeline or a person sets afterwards are not
    /// on it, and no specialist's is: it would be the answer.
    /// </summary>
    public static IssueSnapshot Create(IssueHistory issue, RepositoryRef repository, SpecialistCatalogue catalogue)
    {
        HashSet<string> managed = new(WorkflowLabels.GetManaged(catalogue), StringComparer.OrdinalIgnoreCase);
        return new IssueSnapshot
        {
            Ref = new IssueRef(repository, issue.Number),
            NodeId = string.Empty,
            Title = issue.Title,
            Body = issue.Body,
            IsOpen = true,
            Labels = [WorkflowLabels.SiteMonitor, .. FindLabelsAtOpening(issue).Where(label => !managed.Contains(label))],
            Assignees = [],
            Author = issue.Author,
            CreatedAt = issue.CreatedAt,
            UpdatedAt = issue.CreatedAt,
        };
    }

    /// <summary>
    /// Returns what people did: the specialists whose labels stayed, if a person set them, the issue was closed as completed or its pull
    /// request was merged. A label that only a bot set is not an answer, and neither is one whose pull requests were all refused.
    /// </summary>
    public static RightAnswer FindAnswer(IssueHistory issue, SpecialistCatalogue catalogue)
    {
        string[] stayed =
        [
            .. WorkflowLabels.GetSpecialists(catalogue)
                .Where(s => issue.Labels.Contains(s, StringComparer.OrdinalIgnoreCase)),
        ];
        if (stayed.Length == 0)
        {
            return issue.ClosedAs == CloseReason.NotPlanned ? new RightAnswer(RightAnswerKind.Nobody, []) : RightAnswer.Unknown;
        }

        bool isMerged = issue.PullRequests.Any(p => p.End == PullRequestEnd.Merged);
        bool isRefused = !isMerged && issue.PullRequests.Any(p => p.End == PullRequestEnd.Closed)
            && issue.PullRequests.All(p => p.End != PullRequestEnd.Open);
        bool isConfirmed = isMerged || issue.ClosedAs == CloseReason.Completed || stayed.All(label => IsSetByPerson(issue, label));
        return isConfirmed && !isRefused ? new RightAnswer(RightAnswerKind.Specialists, stayed) : RightAnswer.Unknown;
    }

    private static IEnumerable<string> FindLabelsAtOpening(IssueHistory issue) => issue.LabelEvents
        .Where(e => e.IsAdded && e.At <= issue.CreatedAt + Opening)
        .Select(e => e.Label)
        .Distinct(StringComparer.OrdinalIgnoreCase);

    private static bool IsSetByPerson(IssueHistory issue, string label) =>
        issue.LabelEvents.LastOrDefault(e => e.IsAdded && e.Label.Equals(label, StringComparison.OrdinalIgnoreCase)) is { IsByBot: false };
}
