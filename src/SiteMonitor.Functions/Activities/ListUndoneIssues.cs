using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Undo;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Finds in the ledger the issues whose writes an undo takes back, and those that it leaves alone because of their records.
/// </summary>
public sealed class ListUndoneIssues(ActivityExecutor executor, IRunLedger ledger)
{
    /// <summary>Issues that one undo takes: the result of each stays in the orchestration's history.</summary>
    private const int MaxIssues = 1000;

    [Function(nameof(ListUndoneIssues))]
    public Task<ActivityResult<ListUndoneIssuesResult>> RunAsync([ActivityTrigger] UndoInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(
            nameof(ListUndoneIssues),
            input.Id,
            async () => CallResult<ListUndoneIssuesResult>.Ok(await ListAsync(input, cancellationToken)));

    private async Task<ListUndoneIssuesResult> ListAsync(UndoInput input, CancellationToken cancellationToken)
    {
        Stage? stage = UndoIssue.ParseStage(input.Stage);
        LedgerQuery query = new(From: input.Since - IssueUndo.History, Issue: input.Issue.Length > 0 ? input.Issue : null);
        ILookup<string, RunRecord> records = (await ledger.QueryAsync(query, cancellationToken)
            .Where(r => r.Kind is RunKind.Run or RunKind.Completion or RunKind.Undo && r.Issue.Length > 0)
            .ToListAsync(cancellationToken)).ToLookup(r => r.Issue);
        List<string> issues = [];
        List<UndoneIssue> left = [];
        foreach (IGrouping<string, RunRecord> issue in records)
        {
            switch (IssueUndo.Evaluate(issue, input.Since, stage))
            {
                case null:
                    break;
                case { Refused: { } refusal }:
                    left.Add(new UndoneIssue(issue.Key, UndoResult.Left, refusal.Code, refusal.Reason));
                    break;
                default:
                    issues.Add(issue.Key);
                    break;
            }
        }

        return new ListUndoneIssuesResult([.. issues.Take(MaxIssues)], [.. left.Take(MaxIssues)], issues.Count > MaxIssues);
    }
}

/// <param name="Issues">Canonical names of the issues to read.</param>
/// <param name="Left">Issues that stay as they are.</param>
/// <param name="More">Whether there are more issues to read.</param>
public sealed record ListUndoneIssuesResult(IReadOnlyList<string> Issues, IReadOnlyList<UndoneIssue> Left, bool More);
