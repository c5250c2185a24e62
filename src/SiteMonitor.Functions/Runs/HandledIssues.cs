using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Runs;

/// <summary>
/// Knows what was handled before. What the legacy logic has done stays eligible by its labels, and so does an issue that waits for a stage to be switched on:
/// automatic starts would take it up for ever. The unified logic leaves a label behind that says so itself.
/// </summary>
public sealed class HandledIssues(IRunLedger ledger, TimeProvider time)
{
    /// <summary>How far back the ledger is asked: doing an issue again after that changes nothing on it.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private const int MaxSkips = 50;
    private const string HandledBefore = "handled-before";

    /// <summary>Why there is nothing left to do for <paramref name="logic"/>, or null.</summary>
    public async Task<Refusal?> FindAsync(IssueRef issue, Logic logic, string inputHash, CancellationToken cancellationToken)
    {
        if (logic == Logic.Unified)
        {
            return null;
        }

        LedgerQuery query = new(From: time.GetUtcNow() - Memory, Issue: issue.Canonical, Kind: RunKind.Run, Limit: MaxSkips, NewestFirst: true);
        await foreach (RunRecord record in ledger.QueryAsync(query, cancellationToken))
        {
            if (record.Outcome != RunOutcome.Skipped)
            {
                return IsFinal(record, logic) && record.InputHash == inputHash
                    ? new Refusal(HandledBefore, $"The {Name(logic)} logic handled the issue at {record.Started:u}, and nothing on it has changed since: start it by hand to do it again.")
                    : null;
            }
        }

        return null;
    }

    /// <summary>
    /// The specialists of an issue whose completion no record tells of yet, or null when there is none: the newest run that chose some, unless the issue was completed after it.
    /// A completion whose write took and whose answer got lost finds by this what it has done.
    /// </summary>
    public async Task<IReadOnlyList<string>?> FindUnrecordedCompletionAsync(IssueRef issue, CancellationToken cancellationToken)
    {
        LedgerQuery query = new(From: time.GetUtcNow() - SuccessHistory.Window, Issue: issue.Canonical, NewestFirst: true);
        await foreach (RunRecord record in ledger.QueryAsync(query, cancellationToken))
        {
            if (record is { Kind: RunKind.Completion, Outcome: RunOutcome.Succeeded })
            {
                return null;
            }

            if (record is { Kind: RunKind.Run, Specialists.Count: > 0 })
            {
                return record.Specialists;
            }
        }

        return null;
    }

    /// <summary>The newest run of each issue that did not skip it, by canonical name, its end moved on to that of a later one that found nothing changed: one pass over the ledger for a whole batch.</summary>
    public async Task<IReadOnlyDictionary<string, RunRecord>> LastRunsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, RunRecord> last = [];
        LedgerQuery query = new(From: time.GetUtcNow() - Memory, Kind: RunKind.Run);
        await foreach (RunRecord record in ledger.QueryAsync(query, cancellationToken))
        {
            if (record.Outcome != RunOutcome.Skipped)
            {
                last[record.Issue] = record;
            }
            else if (record.ReasonCode == HandledBefore && last.TryGetValue(record.Issue, out RunRecord? handled))
            {
                last[record.Issue] = handled with { Ended = record.Ended };
            }
        }

        return last;
    }

    /// <summary>Whether GitHub shows no change since <paramref name="last"/> settled the issue for this logic: not worth a read. (A difference of the clocks costs
    /// one run, which sees that there is nothing to do and moves the end on; allowing for it would cost an edit made just after the run.)</summary>
    public static bool IsUntouchedSince(RunRecord last, Logic logic, Candidate candidate) =>
        logic != Logic.Unified && IsFinal(last, logic) && candidate.UpdatedAt is { } updated && updated <= last.Ended;

    private static bool IsFinal(RunRecord record, Logic logic) =>
        record.Outcome is RunOutcome.Succeeded or RunOutcome.Unmatched or RunOutcome.Waiting && record.Stages is [.., var last] && last.Logic == logic;

    private static string Name(Logic logic) => logic == Logic.Legacy ? "legacy" : "switched-off";
}
