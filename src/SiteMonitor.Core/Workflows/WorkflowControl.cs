using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Workflows;

/// <summary>Switches the workflows that the plan names: by hand, and along with phases and rollbacks.</summary>
/// <param name="repositories">Where the workflows are.</param>
public sealed class WorkflowControl(
    RolloutStateRepository states, IWorkflowSwitch workflows, IReadOnlyList<RepositoryRef> repositories)
{
    private const string Old = "old";
    private const string New = "new";
    private const string ByHand =
        "Switch those by hand: gh workflow enable|disable FILE. The token needs write access to Actions to do it for you.";

    /// <summary>Maximum number of attempts, one minute apart; after the last one a person is notified.</summary>
    private const int MaxTries = 5;

    /// <summary>Enables or disables the old workflows or the new ones; with neither named it enables all of them.</summary>
    public async Task<OperationResult> SetAsync(bool enabled, OperatorRequest request, CancellationToken cancellationToken)
    {
        if (request.FindMissingName() is { } missing)
        {
            return missing;
        }

        if (request.Workflows is not ("" or Old or New))
        {
            return OperationResult.Invalid($"There are no workflows called '{request.Workflows}'.",
                "Write old or new; to enable both, leave it out");
        }

        if (!enabled && request.Workflows.Length == 0)
        {
            return OperationResult.Invalid("Which workflows? With old and new disabled nothing would run any more.",
                "Write which: --which old or new, or \"workflows\" in the body");
        }

        IEnumerable<string> files = (request.Workflows != New ? states.Plan.Workflows.Old : [])
            .Concat(request.Workflows != Old ? states.Plan.Workflows.New : []);
        return await RunAsync(files.Select(file => (file, enabled)), request, cancellationToken);
    }

    /// <summary>Brings the workflows into the state of the current phase; after a full rollback, of the time before the rollout.</summary>
    public async Task<OperationResult> ApplyCurrentPhaseAsync(OperatorRequest request, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        return ModeOf(state) is { } mode
            ? await RunAsync(Wanted(mode), request, cancellationToken, mode)
            : OperationResult.Refuse(OperationContext.DescribeUnknownPhase(state.Phase), "rollout status");
    }

    /// <summary>
    /// The same where the workflows are not in the wanted state yet: after a rollback by the guard or in the portal, a crash, or a try that
    /// failed.
    /// </summary>
    /// <returns>Null when there is nothing to do.</returns>
    public async Task<OperationResult?> ReconcileAsync(string by, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        if (ModeOf(state) is not { } mode || state.Transition is { StopsOnFailure: true })
        {
            return null;
        }

        if (state.Workflows is not { } mark)
        {
            await RecordAsync([], new OperatorRequest { Operator = by }, mode, cancellationToken);
            return null;
        }

        bool isReached = mark.Mode == mode && mark.FailedTries is 0 or >= MaxTries;
        string why = state.RolledBack is { } rolledBack ? $"{rolledBack.Title}: {rolledBack.Reason}" : $"phase {state.Phase}";
        return isReached ? null : await ApplyCurrentPhaseAsync(new OperatorRequest { Operator = by, Reason = why }, cancellationToken);
    }

    // In a phase that the plan does not have, only a rollback changes anything.
    private WorkflowMode? ModeOf(RolloutState state) =>
        state.RolledBack is { Kind: RollbackKind.Full } ? WorkflowMode.Old : states.Plan.Find(state.Phase)?.Workflows;

    // Enabled ones first, so that there is no moment in which none runs.
    private IEnumerable<(string File, bool Enabled)> Wanted(WorkflowMode mode) =>
        states.Plan.Workflows.Old.Select(f => (File: f, Enabled: mode != WorkflowMode.New))
            .Concat(states.Plan.Workflows.New.Select(f => (File: f, Enabled: mode != WorkflowMode.Old)))
            .OrderByDescending(w => w.Enabled);

    private async Task<OperationResult> RunAsync(
        IEnumerable<(string File, bool Enabled)> wanted, OperatorRequest request, CancellationToken cancellationToken,
        WorkflowMode? applied = null)
    {
        List<WorkflowChange> changes = [];
        bool all = false;
        try
        {
            foreach ((string file, bool enabled) in wanted)
            {
                foreach (RepositoryRef repository in repositories)
                {
                    changes.Add(await workflows.SetAsync(repository, file, enabled, request.DryRun, cancellationToken));
                }
            }

            all = true;
        }
        finally
        {
            // What was switched before the request was cancelled is audited too.
            if (!request.DryRun)
            {
                await RecordAsync(changes, request, all ? applied : null, CancellationToken.None);
            }
        }

        return Result(changes, request.DryRun);
    }

    private static OperationResult Result(List<WorkflowChange> changes, bool dryRun)
    {
        int done = changes.Count(c => c.Result is WorkflowChangeResult.Done or WorkflowChangeResult.Planned);
        int failed = changes.Count(c => c.Result == WorkflowChangeResult.Failed);
        return new OperationResult
        {
            Code = failed > 0 && done == 0 ? OperationResult.RefusedCode
                : dryRun ? OperationResult.PlannedCode
                : failed > 0 ? OperationResult.PendingCode
                : done > 0 ? OperationResult.DoneCode : OperationResult.NothingToDoCode,
            Title = changes.Count == 0
                ? "No workflow to switch: the plan names none, or GitHub:Repositories is empty."
                : $"{done} workflow(s) {(dryRun ? "to switch" : "switched")}, {changes.Count - done - failed} in the wanted state " +
                    $"already, {failed} not possible.",
            Lines = [.. changes.Select(c => c.Line)],
            Next = failed > 0 ? ByHand
                : dryRun ? "Run it without --dry-run to do it." : "rollout status",
        };
    }

    private async Task RecordAsync(
        List<WorkflowChange> changes, OperatorRequest request, WorkflowMode? applied, CancellationToken cancellationToken) =>
        await states.UpdateUntilSavedAsync(edit => Record(edit, changes, request, applied), cancellationToken);

    // A failure is audited at the first try, not at each; after the last one it is announced.
    private static void Record(RolloutEdit edit, List<WorkflowChange> changes, OperatorRequest request, WorkflowMode? applied)
    {
        int failedBefore = applied is not null && edit.State.Workflows?.Mode == applied ? edit.State.Workflows.FailedTries : 0;
        WorkflowChange[] failed = [.. changes.Where(c => c.Result == WorkflowChangeResult.Failed)];
        foreach (WorkflowChange change in changes.Where(c => c.Result == WorkflowChangeResult.Done).Concat(failedBefore == 0 ? failed : []))
        {
            edit.Audit(request.Operator, "workflow", request.Reason, after: change.Line);
        }

        var mark = applied is { } mode ? new WorkflowSwitchState(mode, failed.Length == 0 ? 0 : failedBefore + 1) : edit.State.Workflows;
        if (mark != edit.State.Workflows)
        {
            edit.State = edit.State with { Workflows = mark };
        }

        if (applied is not null && mark?.FailedTries == MaxTries)
        {
            edit.Announce(Topics.RolloutChanged, "GitHub workflows could not be switched", [.. failed.Select(c => c.Line), ByHand]);
        }
    }
}
