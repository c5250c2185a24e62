using System.Globalization;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>Audits and announces what an undo did, once.</summary>
public sealed class FinishUndo(ActivityExecutor executor, RolloutStateRepository states)
{
    private const string What = "undo-done";
    private const int AuditEntriesRead = 200;

    [Function(nameof(FinishUndo))]
    public Task<ActivityResult<FinishUndoResult>> RunAsync([ActivityTrigger] FinishUndoInput input, CancellationToken cancellationToken) =>
        executor.RunAsync(nameof(FinishUndo), input.Undo.Id, async () =>
        {
            string result = string.Create(
                CultureInfo.InvariantCulture, $"{input.Undone} taken back, {input.Left} left, {input.Failed} failed");
            IReadOnlyList<AuditEntry> entries = await states.ReadAuditAsync(AuditEntriesRead, cancellationToken);
            if (!entries.Any(e => e.What == What && e.Before == input.Undo.Id))
            {
                await states.UpdateUntilSavedAsync(edit => Record(edit, input.Undo, result), cancellationToken);
            }

            return CallResult<FinishUndoResult>.Ok(new FinishUndoResult(result));
        });

    private static void Record(RolloutEdit edit, UndoInput undo, string result)
    {
        edit.Audit(undo.Operator, What, undo.Reason, before: undo.Id, after: result);
        edit.Announce(
            Topics.RolloutChanged,
            "Work of the unified pipeline was taken back",
            [$"By {undo.Operator}: {undo.Reason}", $"Issues: {result}."]);
    }
}

public sealed record FinishUndoInput(UndoInput Undo, int Undone, int Left, int Failed);

/// <param name="Text">The figures, as display text.</param>
public sealed record FinishUndoResult(string Text);
