using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Undo;

namespace SiteMonitor.Functions.Activities;

/// <summary>
/// Takes back what the unified pipeline wrote on one issue, in one read and one write. The ledger's record precedes the write, so that the
/// deliveries which the write causes start nothing, and an attempt that follows an interrupted one knows what that one may have changed.
/// </summary>
public sealed class UndoIssue(ActivityExecutor executor, PlanContext context, IRunLedger ledger, RunRecorder recorder)
{
    [Function(nameof(UndoIssue))]
    public Task<ActivityResult<UndoneIssue>> RunAsync(
        [ActivityTrigger] UndoIssueInput input, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(UndoIssue), input, tracker => UndoAsync(tracker, client, input, cancellationToken));

    /// <summary>Parses the stage of an undo; null for both.</summary>
    internal static Stage? ParseStage(string stage) => stage switch
    {
        StageNames.Analysis => Stage.Analysis,
        StageNames.Preparation => Stage.Preparation,
        _ => null,
    };

    private async Task<CallResult<UndoneIssue>> UndoAsync(
        IIssueTracker tracker, DurableTaskClient client, UndoIssueInput input, CancellationToken cancellationToken)
    {
        LedgerQuery query = new(From: input.Since - IssueUndo.History, Issue: input.Issue);
        List<RunRecord> records = await ledger.QueryAsync(query, cancellationToken).ToListAsync(cancellationToken);
        bool isRepeated = records.RemoveAll(r => r.RunId == input.RunId) > 0;
        if (IssueUndo.Evaluate(records, input.Since, ParseStage(input.Stage)) is not { } undo)
        {
            return Leave(input, new Refusal(UndoCodes.NothingWritten, "The ledger has no run of the unified pipeline on it."));
        }

        if (await client.GetInstanceAsync(input.Ref.InstanceId, cancellationToken) is { IsCompleted: false })
        {
            return Leave(input, new Refusal(UndoCodes.RunActive, "A run works on it: wait for it to end, and undo again."));
        }

        CallResult<IssueSnapshot> read = await tracker.ReadAsync(input.Ref, cancellationToken);
        if (read.Value is not { } issue)
        {
            return read.AsRateLimited<IssueSnapshot, UndoneIssue>();
        }

        UndoPlan plan = UndoPlan.For(context, issue, undo, isRepeated);
        if (plan.Refused is { } refusal)
        {
            return isRepeated ? throw new PermanentFailureException(refusal.Code, refusal.Reason) : Leave(input, refusal);
        }

        if (plan.IsEmpty && !isRepeated)
        {
            return Leave(input, new Refusal(UndoCodes.NothingWritten, "Its runs have left nothing on it."));
        }

        UndoneIssue done = new(input.Issue, UndoResult.Undone, string.Empty, plan.Describe());
        if (input.IsDryRun)
        {
            return CallResult<UndoneIssue>.Ok(done);
        }

        await recorder.AppendAsync(CreateRecord(input, issue, plan), cancellationToken);
        return plan.IsEmpty
            ? CallResult<UndoneIssue>.Ok(done)
            : (await WriteAsync(tracker, issue, plan, cancellationToken)).Then(after => Conclude(done, plan, after));
    }

    private static CallResult<UndoneIssue> Leave(UndoIssueInput input, Refusal refusal) =>
        CallResult<UndoneIssue>.Ok(new UndoneIssue(input.Issue, UndoResult.Left, refusal.Code, refusal.Reason));

    /// <summary>Reports where GitHub kept Copilot assigned. The ledger's record holds, because the rest is taken back.</summary>
    private static UndoneIssue Conclude(UndoneIssue done, UndoPlan plan, IssueSnapshot after) =>
        plan.Unassigns && after.Assignees.Any(CopilotLogin.IsCopilot)
            ? done with
            {
                Result = UndoResult.Failed,
                Code = "copilot-still-assigned",
                Detail = "GitHub did not unassign Copilot: unassign it by hand. Everything else is taken back.",
            }
            : done;

    /// <summary>Writes the change. If a person edited the body after our read, their text is restored, without our section.</summary>
    private async Task<CallResult<IssueSnapshot>> WriteAsync(
        IIssueTracker tracker, IssueSnapshot issue, UndoPlan plan, CancellationToken cancellationToken)
    {
        CallResult<IssueSnapshot> written = plan.Unassigns
            ? await tracker.UnassignCopilotAsync(issue, plan.Change, cancellationToken)
            : await tracker.ApplyAsync(issue.Ref, issue.NodeId, plan.Change, cancellationToken);
        if (written.Value is not { } after)
        {
            return written;
        }

        return plan.Change.Body is { } body && EditRestoration.Restore(after, issue.Body, body, context.Markers) is { } edited
            ? await tracker.ApplyAsync(
                issue.Ref,
                issue.NodeId,
                new IssueChange { Body = GuidanceSection.Remove(edited, issue.Ref, context.Markers) },
                cancellationToken)
            : written;
    }

    private RunRecord CreateRecord(UndoIssueInput input, IssueSnapshot issue, UndoPlan plan) => new()
    {
        Kind = RunKind.Undo,
        RunId = input.RunId,
        Issue = input.Issue,
        Trigger = TriggerNames.Manual,
        RequestedStage = input.Stage.Length > 0 ? input.Stage : StageNames.All,
        Outcome = RunOutcome.Succeeded,
        Reason = plan.Describe(),
        LabelsBefore = issue.Labels,
        LabelsAdded = plan.Change.AddLabels,
        LabelsRemoved = plan.Change.RemoveLabels,
        LabelsAfter = DryRun.ApplyChange(issue, plan.Change).Labels,
        InputHash = InputHash.Compute(DryRun.ApplyChange(issue, plan.Change), context.Markers),
        Started = input.At,
        Ended = input.At,
    };
}

/// <param name="RunId">The id of the ledger's record.</param>
/// <param name="Since">Runs that ended since then are taken back.</param>
/// <param name="Stage">analysis, preparation, or empty for both.</param>
/// <param name="At">When the orchestration came to this issue: the same for every attempt.</param>
public sealed record UndoIssueInput(string RunId, DateTimeOffset Since, string Stage, DateTimeOffset At) : ActivityInput
{
    public bool IsDryRun { get; init; }
}
