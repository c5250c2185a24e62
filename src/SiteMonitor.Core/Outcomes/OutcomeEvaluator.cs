using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Outcomes;

/// <summary>Decides what an event says of the runs before it.</summary>
public static class OutcomeEvaluator
{
    /// <param name="records">The issue's records, oldest first.</param>
    /// <param name="catalogue">The specialists an issue can be assigned to.</param>
    /// <returns>A code of <see cref="OutcomeCodes"/> for each outcome, with the specialists that a person chose.</returns>
    public static IReadOnlyList<(string Code, IReadOnlyList<string> Specialists)> Evaluate(
        IssueEvent issueEvent, IReadOnlyList<RunRecord> records, SpecialistCatalogue catalogue)
    {
        RunRecord? last = records.LastOrDefault(IsWrite);
        RunRecord? assignment = records.LastOrDefault(r => RunStatistics.IsAssignment(r));
        return issueEvent.Kind switch
        {
            _ when last is null => [],
            IssueEventKind.PullRequestMerged => [(OutcomeCodes.PullRequestMerged, [])],
            IssueEventKind.PullRequestClosed => [(OutcomeCodes.PullRequestClosed, [])],
            IssueEventKind.Reopened => [(OutcomeCodes.IssueReopened, [])],
            _ when last.Kind == RunKind.Undo => IsEcho(issueEvent, last) ? [] : [(OutcomeCodes.LabelsChanged, [])],
            _ when last != assignment => [],
            IssueEventKind.CopilotUnassigned => [(OutcomeCodes.ManualIntervention, [])],
            _ => EvaluateLabels(issueEvent, records, assignment, catalogue),
        };
    }

    private static bool IsWrite(RunRecord record) => record.Kind switch
    {
        RunKind.Run => record.Outcome is not (RunOutcome.Skipped or RunOutcome.Rerouted),
        RunKind.Completion or RunKind.Undo => record.Outcome == RunOutcome.Succeeded,
        _ => false,
    };

    // The undo's own write may show under the login of the user whose credential it needs.
    private static bool IsEcho(IssueEvent issueEvent, RunRecord undo) => issueEvent.Kind switch
    {
        IssueEventKind.LabelAdded => Has(undo.LabelsAdded, issueEvent.Label),
        IssueEventKind.LabelRemoved => Has(undo.LabelsRemoved, issueEvent.Label),
        _ => true,
    };

    private static IReadOnlyList<(string Code, IReadOnlyList<string> Specialists)> EvaluateLabels(
        IssueEvent issueEvent, IReadOnlyList<RunRecord> records, RunRecord assignment, SpecialistCatalogue catalogue)
    {
        List<(string Code, IReadOnlyList<string> Specialists)> outcomes = [];
        IReadOnlyList<string> all = WorkflowLabels.GetSpecialists(catalogue);
        string[] specialists = [.. issueEvent.Labels.Intersect(all, StringComparer.OrdinalIgnoreCase)];
        IReadOnlyList<string> known = records
            .LastOrDefault(r => r is { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.SpecialistChanged } && r.Started >= assignment.Ended)
            ?.Specialists ?? assignment.Specialists;
        if (!new HashSet<string>(specialists, StringComparer.OrdinalIgnoreCase).SetEquals(known))
        {
            outcomes.Add((OutcomeCodes.SpecialistChanged, specialists));
        }

        // A delivery that tells of our own write, late, agrees with what the run left.
        bool isAdded = issueEvent.Kind == IssueEventKind.LabelAdded;
        if (assignment.LabelsBefore is { } before && isAdded != IsLeft(assignment, before, issueEvent.Label))
        {
            outcomes.Add((OutcomeCodes.ManualIntervention, []));
        }

        return outcomes;
    }

    private static bool IsLeft(RunRecord run, IReadOnlyList<string> before, string label) =>
        Has(run.LabelsAdded, label) || (Has(before, label) && !Has(run.LabelsRemoved, label));

    private static bool Has(IReadOnlyList<string>? labels, string label) => labels?.Contains(label, StringComparer.OrdinalIgnoreCase) == true;
}
