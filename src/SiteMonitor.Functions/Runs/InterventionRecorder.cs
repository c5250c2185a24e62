using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Functions.Runs;

/// <summary>Records that a person changed an issue between two runs of the unified logic, at most once after each run.</summary>
public sealed class InterventionRecorder(IRunLedger ledger, RunRecorder recorder, PlanContext context, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromDays(14);

    /// <param name="issue">The issue as a run has just read it.</param>
    public async Task RecordAsync(IssueSnapshot issue, CancellationToken cancellationToken)
    {
        // Without a trace of ours on the issue there is no earlier run to look for.
        if (!context.HasOwnContent(issue)
            || await FindLastRunAsync(issue.Ref, cancellationToken) is not ({ } run, { } labels)
            || !IsChanged(issue, labels))
        {
            return;
        }

        await recorder.AppendAsync(
            new RunRecord
            {
                Kind = RunKind.Outcome,
                RunId = GetRecordId(run),
                Issue = issue.Ref.Canonical,
                Trigger = run.Trigger,
                Phase = run.Phase,
                Outcome = RunOutcome.Succeeded,
                ReasonCode = OutcomeCodes.ManualIntervention,
                Reason = "A person changed a workflow label or removed Copilot's assignment after the run.",
                Specialists = LabelStateMachine.ReadState(issue.Labels, context.Catalogue).Specialists,
                LabelsBefore = labels,
                LabelsAfter = issue.Labels,

                // The same whoever notices the change, because the ledger knows a record again by its id within a day.
                Started = run.Ended,
                Ended = time.GetUtcNow(),
            },
            cancellationToken);
    }

    /// <summary>Returns the id of the record, the same whoever notices the change.</summary>
    internal static string GetRecordId(RunRecord run) => $"{run.RunId}-intervention";

    private bool IsChanged(IssueSnapshot issue, IReadOnlyList<string> labels)
    {
        bool wasWithCopilot = labels.Contains(WorkflowLabels.CopilotAssigned, StringComparer.OrdinalIgnoreCase);
        return ManualIntervention.IsShownBy(WithoutShortLived(labels), WithoutShortLived(issue.Labels), context.Catalogue)
            || (wasWithCopilot && issue.IsOpen && !issue.Assignees.Any(CopilotLogin.IsCopilot));
    }

    private static string[] WithoutShortLived(IReadOnlyList<string> labels) =>
        [.. labels.Except(WorkflowLabels.ShortLived, StringComparer.OrdinalIgnoreCase)];

    /// <summary>Finds the last effective run and the labels that the newest run left; null if it was not a unified one.</summary>
    private async Task<(RunRecord? Run, IReadOnlyList<string>? Labels)> FindLastRunAsync(
        IssueRef issue, CancellationToken cancellationToken)
    {
        LedgerQuery query = new(From: time.GetUtcNow() - Window, Issue: issue.Canonical, NewestFirst: true);
        IReadOnlyList<string>? labels = null;
        await foreach (RunRecord record in ledger.QueryAsync(query, cancellationToken))
        {
            // A delivery may have reported the change already.
            if (record is { Kind: RunKind.Completion or RunKind.Undo }
                or { Kind: RunKind.Outcome, ReasonCode: OutcomeCodes.ManualIntervention })
            {
                return default;
            }

            labels ??= record.Kind == RunKind.Run ? record.LabelsAfter : null;
            if (record is { Kind: RunKind.Run, Outcome: not RunOutcome.Skipped })
            {
                return RunStatistics.IsUnified(record) ? (record, labels) : default;
            }
        }

        return default;
    }
}
