using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Undo;

/// <summary>
/// Knows the issues that automatic starts leave alone because an undo took them back: until <c>rollout resume</c>, a later phase,
/// a person's change of labels, or a run that somebody started.
/// </summary>
public sealed class UndoExclusions(IRunLedger ledger, RolloutStateRepository states)
{
    private const string Code = "undone";

    /// <summary>Returns why an automatic start leaves the issue alone, or null.</summary>
    /// <param name="labels">The issue's labels.</param>
    public async Task<Refusal?> FindReasonAsync(IssueRef issue, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, RunRecord> undone = await ReadAsync(issue.Canonical, cancellationToken);
        return undone.TryGetValue(issue.Canonical, out RunRecord? record) && HasSameLabels(record, labels)
            ? new Refusal(
                Code,
                $"An undo took the issue back at {record.Ended:u}: start it by hand, change its labels, or lift it for all issues with "
                + "`rollout resume`.")
            : null;
    }

    /// <summary>Reads the undos in force, by canonical issue name. An undo whose issue has different labels by now is left out.</summary>
    public Task<IReadOnlyDictionary<string, RunRecord>> ReadAsync(CancellationToken cancellationToken) =>
        ReadAsync(issue: null, cancellationToken);

    /// <summary>Whether the labels are still those that the undo left; short-lived ones do not count.</summary>
    public static bool HasSameLabels(RunRecord undo, IReadOnlyList<string> labels)
    {
        HashSet<string> left = new(undo.LabelsAfter ?? [], StringComparer.OrdinalIgnoreCase);
        left.ExceptWith(WorkflowLabels.ShortLived);
        return left.SetEquals(labels.Except(WorkflowLabels.ShortLived, StringComparer.OrdinalIgnoreCase));
    }

    private async Task<IReadOnlyDictionary<string, RunRecord>> ReadAsync(string? issue, CancellationToken cancellationToken)
    {
        Dictionary<string, RunRecord> undone = [];
        if ((await states.ReadAsync(cancellationToken)).State.UndoneSince is not { } since)
        {
            return undone;
        }

        await foreach (RunRecord record in ledger.QueryAsync(new LedgerQuery(From: since, Issue: issue), cancellationToken))
        {
            if (record.Kind == RunKind.Undo && record.Outcome is RunOutcome.Succeeded or RunOutcome.Failed)
            {
                Mark(undone, record);
            }
            else if (undone.TryGetValue(record.Issue, out RunRecord? undo) && record.Ended > undo.Ended && Lifts(record))
            {
                undone.Remove(record.Issue);
            }
        }

        return undone;
    }

    private static void Mark(Dictionary<string, RunRecord> undone, RunRecord record)
    {
        if (record.Outcome == RunOutcome.Succeeded)
        {
            undone[record.Issue] = record;
        }
        else if (undone.TryGetValue(record.Issue, out RunRecord? undo) && record.RunId == undo.RunId + IssueUndo.FailedSuffix)
        {
            undone.Remove(record.Issue);
        }
    }

    private static bool Lifts(RunRecord record) => record.Kind switch
    {
        RunKind.Run => RunStatistics.IsCounted(record),
        RunKind.Outcome => record.ReasonCode == OutcomeCodes.LabelsChanged,
        _ => false,
    };
}
