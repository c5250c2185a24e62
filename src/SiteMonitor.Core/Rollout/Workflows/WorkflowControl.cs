using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Workflows;

/// <summary>Switches the workflows that the plan names: by hand, and along with phases and rollbacks.</summary>
/// <param name="repositories">Where the workflows are.</param>
public sealed class WorkflowControl(RolloutStates states, IWorkflowSwitch workflows, IReadOnlyList<RepositoryRef> repositories, TimeProvider time)
{
    private const string Old = "old";
    private const string New = "new";

    /// <summary>Enables or disables the old workflows, the new ones, or with neither named all of them.</summary>
    public async Task<OperationResult> SetAsync(bool enabled, OperatorRequest request, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Operator))
        {
            return OperationResult.Invalid("Who asks? The audit log needs a name.", "Give your name: --operator, or \"operator\" in the body");
        }

        if (request.Workflows is not ("" or Old or New))
        {
            return OperationResult.Invalid($"There are no workflows called '{request.Workflows}'.", "Write old or new, or leave it out for both");
        }

        IEnumerable<string> files = (request.Workflows != New ? states.Plan.Workflows.Old : []).Concat(request.Workflows != Old ? states.Plan.Workflows.New : []);
        return await RunAsync(files.Select(file => (file, enabled)), request, cancellationToken);
    }

    /// <summary>Brings the workflows into the state of the current phase; after a full rollback, of the time before the rollout.</summary>
    public async Task<OperationResult> FollowAsync(OperatorRequest request, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        WorkflowMode mode = state.RolledBack is { Kind: RollbackKind.Full } ? WorkflowMode.Old : states.Plan.Find(state.Phase)?.Workflows ?? WorkflowMode.Old;
        return await RunAsync(Wanted(mode), request, cancellationToken);
    }

    // What has to run comes before what must not, so that there is no moment with neither.
    private IEnumerable<(string File, bool Enabled)> Wanted(WorkflowMode mode) =>
        states.Plan.Workflows.Old.Select(f => (File: f, Enabled: mode != WorkflowMode.New))
            .Concat(states.Plan.Workflows.New.Select(f => (File: f, Enabled: mode != WorkflowMode.Old)))
            .OrderByDescending(w => w.Enabled);

    private async Task<OperationResult> RunAsync(IEnumerable<(string File, bool Enabled)> wanted, OperatorRequest request, CancellationToken cancellationToken)
    {
        List<WorkflowChange> changes = [];
        foreach ((string file, bool enabled) in wanted)
        {
            foreach (RepositoryRef repository in repositories)
            {
                changes.Add(await workflows.SetAsync(repository, file, enabled, request.DryRun, cancellationToken));
            }
        }

        await AuditAsync([.. changes.Where(c => c.Result is WorkflowChangeResult.Done or WorkflowChangeResult.Failed && !request.DryRun)], request, cancellationToken);
        return Result(changes, request.DryRun);
    }

    private static OperationResult Result(List<WorkflowChange> changes, bool dryRun)
    {
        int done = changes.Count(c => c.Result is WorkflowChangeResult.Done or WorkflowChangeResult.Planned);
        int failed = changes.Count(c => c.Result == WorkflowChangeResult.Failed);
        return new OperationResult
        {
            Code = dryRun ? OperationResult.PlannedCode : done > 0 ? OperationResult.DoneCode : OperationResult.NothingToDoCode,
            Title = changes.Count == 0
                ? "No workflow to switch: the plan names none, or GitHub:Repositories is empty."
                : $"{done} workflow(s) {(dryRun ? "to switch" : "switched")}, {changes.Count - done - failed} as wanted already, {failed} not possible.",
            Lines = [.. changes.Select(c => c.Line)],
            Next = failed > 0 ? "Switch those by hand: gh workflow enable|disable FILE; the token needs write access to Actions to do it for you"
                : dryRun ? "The same without --dry-run does it." : "rollout status",
        };
    }

    private async Task AuditAsync(List<WorkflowChange> changes, OperatorRequest request, CancellationToken cancellationToken)
    {
        while (changes.Count > 0)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            RolloutEdit edit = new(stored.State, time.GetUtcNow());
            changes.ForEach(change => edit.Audit(request.Operator, "workflow", request.Reason, after: change.Line));
            if (await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                return;
            }
        }
    }
}
