using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout;

namespace SiteMonitor.Functions.Starting;

/// <summary>
/// Knows what was handled before. What the legacy logic has done stays eligible by its labels, and so does an issue that waits for a stage to be switched on:
/// automatic starts would take it up for ever. The unified logic leaves a label behind that says so itself.
/// </summary>
public sealed class HandledIssues(IRunLedger ledger, TimeProvider time)
{
    /// <summary>How far back the ledger is asked: doing an issue again after that changes nothing on it.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromDays(30);

    private const int MaxSkips = 50;

    /// <summary>GitHub's clock and ours may differ by this much.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

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
                    ? new Refusal("handled-before", $"The {Name(logic)} logic handled the issue at {record.Started:u}, and nothing on it has changed since: start it by hand to do it again.")
                    : null;
            }
        }

        return null;
    }

    /// <summary>The newest run of each issue that did not skip it, by canonical name: one pass over the ledger for a whole batch.</summary>
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
        }

        return last;
    }

    /// <summary>Whether GitHub shows no change since <paramref name="last"/> settled the issue for this logic: not worth a read.</summary>
    public static bool IsUntouchedSince(RunRecord last, Logic logic, Candidate candidate) =>
        logic != Logic.Unified && IsFinal(last, logic) && candidate.UpdatedAt is { } updated && updated <= last.Ended + ClockSkew;

    private static bool IsFinal(RunRecord record, Logic logic) =>
        record.Outcome is RunOutcome.Succeeded or RunOutcome.Unmatched or RunOutcome.Waiting && record.Stages is [.., var last] && last.Logic == logic;

    private static string Name(Logic logic) => logic == Logic.Legacy ? "legacy" : "switched-off";
}
