using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Outcomes;

/// <summary>The outcome of a run, as an event shows it.</summary>
/// <param name="Code">One of <see cref="OutcomeCodes"/>.</param>
/// <param name="Run">The run, or the undo, that the event refers to.</param>
public sealed record ObservedOutcome(string Code, RunRecord Run)
{
    /// <summary>The labels of the specialists that a person chose instead.</summary>
    public IReadOnlyList<string> Specialists { get; init; } = [];
}

/// <summary>Derives the outcomes of earlier runs from an event.</summary>
public static class OutcomeEvaluator
{
    /// <param name="records">The issue's records, oldest first.</param>
    /// <param name="catalogue">The specialists an issue can be assigned to.</param>
    public static IReadOnlyList<ObservedOutcome> Evaluate(
        IssueEvent issueEvent, IReadOnlyList<RunRecord> records, SpecialistCatalogue catalogue)
    {
        RunRecord? assignment = records.LastOrDefault(RunStatistics.IsAssignment);
        return records.LastOrDefault(IsWrite) is not { } last ? [] : issueEvent.Kind switch
        {
            IssueEventKind.PullRequestMerged => [new ObservedOutcome(OutcomeCodes.PullRequestMerged, last)],
            IssueEventKind.PullRequestClosed => [new ObservedOutcome(OutcomeCodes.PullRequestClosed, last)],
            IssueEventKind.Reopened => [new ObservedOutcome(OutcomeCodes.IssueReopened, last)],
            _ when last.Kind == RunKind.Undo => IsEcho(issueEvent, last) ? [] : [new ObservedOutcome(OutcomeCodes.LabelsChanged, last)],
            _ when last != assignment => [],
            IssueEventKind.CopilotUnassigned => [new ObservedOutcome(OutcomeCodes.ManualIntervention, last)],
            _ => EvaluateLabels(issueEvent, records, last, catalogue),
        };
    }

    private static bool IsWrite(RunRecord record) => record.Kind switch
    {
        RunKind.Run => RunStatistics.IsCounted(record),
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

    // A late delivery about our own write may show labels from the middle of that write. What counts is whether the label
    // differs from the state in which the run left it.
    private static List<ObservedOutcome> EvaluateLabels(
        IssueEvent issueEvent, IReadOnlyList<RunRecord> records, RunRecord assignment, SpecialistCatalogue catalogue)
    {
        bool isAdded = issueEvent.Kind == IssueEventKind.LabelAdded;
        bool isReversed = assignment.LabelsAfter is { } left && Has(left, issueEvent.Label) != isAdded;
        List<ObservedOutcome> outcomes = [];
        RunRecord? change = records.LastOrDefault(r =>
            r is { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.SpecialistChanged } && r.Started >= assignment.Ended);
        IReadOnlyList<string> known = WorkflowLabels.GetSpecialists(catalogue);
        if (Has(known, issueEvent.Label) && (isReversed || change is not null))
        {
            string[] specialists = [.. issueEvent.Labels.Intersect(known, StringComparer.OrdinalIgnoreCase)];
            outcomes.Add(new ObservedOutcome(OutcomeCodes.SpecialistChanged, assignment) { Specialists = specialists });
        }

        // Removing a label that holds the issue back is how a person lets it go on.
        if (isReversed && (isAdded || !Has(WorkflowLabels.Holding, issueEvent.Label)))
        {
            outcomes.Add(new ObservedOutcome(OutcomeCodes.ManualIntervention, assignment));
        }

        return outcomes;
    }

    private static bool Has(IReadOnlyList<string>? labels, string label) =>
        labels?.Contains(label, StringComparer.OrdinalIgnoreCase) == true;
}
