using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Functions.Runs;

/// <summary>
/// Knows which issues were handled before. The labels of an issue that the legacy logic handled, or that waits for a switched-off stage,
/// still ask for work, so automatic starts would process it again and again. The unified logic leaves a label that says what it did,
/// unless it waits for something that no label says (<see cref="WaitCodes.RequiresChange"/>).
/// </summary>
public sealed class HandledIssues(IRunLedger ledger, TimeProvider time)
{
    /// <summary>How far back the ledger is read. Processing an issue again after that changes nothing on it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>What GitHub refused may have been our credential's fault, which shows on no issue: once a day it is tried again.</summary>
    private static readonly TimeSpan RefusalLasts = TimeSpan.FromDays(1);

    private const int MaxSkippedRuns = 50;
    private const string HandledBeforeCode = "handled-before";

    /// <summary>Returns why there is nothing left to do for <paramref name="logic"/>, or null.</summary>
    /// <param name="updatedAt">When the issue had last changed, as GitHub shows it.</param>
    public async Task<Refusal?> FindReasonAsync(
        IssueRef issue, Logic logic, string inputHash, DateTimeOffset updatedAt, CancellationToken cancellationToken)
    {
        LedgerQuery query = new(
            From: time.GetUtcNow() - Window, Issue: issue.Canonical, Kind: RunKind.Run, Limit: MaxSkippedRuns, NewestFirst: true);
        await foreach (RunRecord record in ledger.QueryAsync(query, cancellationToken))
        {
            if (record.Outcome != RunOutcome.Skipped)
            {
                // The unified logic may wait for a change that the hash does not cover: of assignees, for example.
                bool isUnchanged = record.InputHash == inputHash && (logic != Logic.Unified || updatedAt <= record.Ended);
                return IsFinal(record, logic, time.GetUtcNow()) && isUnchanged ? CreateReason(record, logic) : null;
            }
        }

        return null;
    }

    /// <summary>
    /// Returns the specialists of an issue whose completion is not recorded yet, or null: those of the newest run that chose some,
    /// unless the issue was completed after it. A completion whose write succeeded, but whose response was lost, finds here what it did.
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

    /// <summary>
    /// Reads each issue's newest run that was not skipped, by canonical name: one pass over the ledger for a whole batch.
    /// If a later run found nothing changed, its end replaces the end of the run before it.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, RunRecord>> ReadLastRunsAsync(CancellationToken cancellationToken)
    {
        Dictionary<string, RunRecord> last = [];
        LedgerQuery query = new(From: time.GetUtcNow() - Window, Kind: RunKind.Run);
        await foreach (RunRecord record in ledger.QueryAsync(query, cancellationToken))
        {
            if (record.Outcome != RunOutcome.Skipped)
            {
                last[record.Issue] = record;
            }
            else if (record.ReasonCode == HandledBeforeCode && last.TryGetValue(record.Issue, out RunRecord? handled))
            {
                last[record.Issue] = handled with { Ended = record.Ended };
            }
        }

        return last;
    }

    /// <summary>
    /// Returns whether GitHub shows no change since <paramref name="last"/> handled the issue for this logic, so that no read is needed.
    /// </summary>
    /// <remarks>
    /// A clock difference costs one run, which finds nothing to do. Allowing for it would miss an edit made just after the run.
    /// </remarks>
    public static bool IsUnchangedSince(RunRecord last, Logic logic, Candidate candidate, DateTimeOffset now) =>
        IsFinal(last, logic, now) && candidate.UpdatedAt is { } updated && updated <= last.Ended;

    private static bool IsFinal(RunRecord record, Logic logic, DateTimeOffset now) =>
        record.Stages is [.., var last] && last.Logic == logic
        && (logic == Logic.Unified
            ? record.Outcome == RunOutcome.Waiting && WaitCodes.RequiresChange(record.ReasonCode) && now - record.Ended < RefusalLasts
            : record.Outcome is RunOutcome.Succeeded or RunOutcome.Unmatched or RunOutcome.Waiting);

    private static Refusal CreateReason(RunRecord record, Logic logic)
    {
        string before = logic switch
        {
            Logic.Unified => $"The run of {record.Started:u} ended waiting ({record.ReasonCode})",
            Logic.Legacy => $"The legacy logic handled the issue at {record.Started:u}",
            _ => $"The switched-off logic handled the issue at {record.Started:u}",
        };
        return new Refusal(HandledBeforeCode, $"{before}, and nothing on it has changed since: start it by hand to process it again.");
    }
}
