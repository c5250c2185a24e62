using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>The operator's hand on the rollout. A change is recorded first, against the version that was read, so that two operators or two instances never both make it; then its flags are written.</summary>
public sealed class RolloutControl(RolloutStates states, FlagSource flags, EvidenceReader evidence, TransitionRunner transitions, TimeProvider time)
{
    // The guard's notes, an announcement marked as sent, a confirmation: what came in between is taken along and the operation judged anew.
    private const int Tries = 5;

    public Task<OperationResult> AdvanceAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, AdvanceOperation.Prepare, withGate: true, cancellationToken);

    public Task<OperationResult> AnnounceAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, AnnounceOperation.Prepare, withGate: false, cancellationToken);

    public Task<OperationResult> RollBackAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, RollbackOperation.Prepare, withGate: false, cancellationToken, pinsPhase: false);

    public Task<OperationResult> NoGoAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, NoGoOperation.Prepare, withGate: true, cancellationToken, pinsPhase: false);

    public Task<OperationResult> ResumeAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, ResumeOperation.Prepare, withGate: false, cancellationToken);

    public Task<OperationResult> FreezeAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, FreezeOperation.Freeze, withGate: false, cancellationToken);

    public Task<OperationResult> ResetEvidenceAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, FreezeOperation.ResetEvidence, withGate: false, cancellationToken);

    public Task<OperationResult> ConfirmAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, Confirmations.Confirm, withGate: false, cancellationToken);

    public Task<OperationResult> WithdrawAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, Confirmations.Withdraw, withGate: false, cancellationToken);

    /// <summary>The gate of the current phase, as it stands.</summary>
    public async Task<IReadOnlyList<CriterionResult>> GateAsync(CancellationToken cancellationToken) =>
        await GateAsync((await states.ReadAsync(cancellationToken)).State, cancellationToken);

    public async Task<IReadOnlyList<CriterionResult>> GateAsync(RolloutState state, CancellationToken cancellationToken)
    {
        if (states.Plan.Find(state.Phase) is not { } phase)
        {
            return [];
        }

        try
        {
            return Gate.Evaluate(phase, state, await evidence.ReadAsync(state, cancellationToken));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Gate.Evaluate(phase, state, null, $"could not be measured ({e.GetType().Name}: {e.Message.TrimEnd('.')}); that is no failure of the pipeline. Try again.");
        }
    }

    /// <param name="pinsPhase">Whether the operation is refused when the phase is not the one it was asked for in, or changes meanwhile: what takes back is wanted whatever the phase.</param>
    private async Task<OperationResult> RunAsync(OperatorRequest request, Func<OperationContext, OperatorRequest, OperationDraft> operation, bool withGate, CancellationToken cancellationToken, bool pinsPhase = true)
    {
        if (string.IsNullOrWhiteSpace(request.Operator))
        {
            return OperationResult.Invalid("Who asks? The audit log needs a name.", "Give your name: --operator, or \"operator\" in the body");
        }

        string? phase = request.Phase.Length > 0 ? request.Phase : null;
        for (int i = 0; i < Tries; i++)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            if (pinsPhase && phase is not null && phase != stored.State.Phase)
            {
                return new OperationResult { Code = OperationResult.ConflictCode, Title = $"The rollout is in phase '{stored.State.Phase}', not '{phase}' any more; nothing was done.", Next = "rollout status" };
            }

            phase = stored.State.Phase;
            OperationDraft draft = operation(await ReadContextAsync(stored.State, withGate, cancellationToken), request);
            if (draft.Edit is null || request.DryRun)
            {
                return Planned(draft, request) with { Phase = phase };
            }

            if (await states.SaveAsync(draft.Edit, stored.Version, cancellationToken) is not null)
            {
                return await WriteFlagsAsync(draft, cancellationToken);
            }
        }

        return new OperationResult { Code = OperationResult.ConflictCode, Title = "Others keep changing the rollout at the same moment; nothing was done.", Next = "rollout status, then try again" };
    }

    private async Task<OperationContext> ReadContextAsync(RolloutState state, bool withGate, CancellationToken cancellationToken) => new()
    {
        State = state,
        Plan = states.Plan,
        Flags = await flags.RefreshAsync(cancellationToken),
        Criteria = withGate ? await GateAsync(state, cancellationToken) : [],
        Now = time.GetUtcNow(),
    };

    private static OperationResult Planned(OperationDraft draft, OperatorRequest request)
    {
        if (draft.Edit?.State.Transition is not { } transition)
        {
            return draft.Result;
        }

        IEnumerable<FlagChange> changes = transition.Targets
            .Select(t => new FlagChange(t.Flag, transition.Before[t.Flag], t.Setting.ToString()))
            .Where(c => c.Before != c.After);
        return draft.Result with { Flags = [.. changes], Next = request.DryRun ? "The same without --dry-run does it." : draft.Result.Next };
    }

    private async Task<OperationResult> WriteFlagsAsync(OperationDraft draft, CancellationToken cancellationToken)
    {
        if (draft.Edit!.State.Transition is null)
        {
            return draft.Result with { Code = OperationResult.DoneCode };
        }

        TransitionResult? report = await transitions.FinishAsync(cancellationToken);
        return report is null or { IsDone: true }
            ? draft.Result with { Code = OperationResult.DoneCode, Flags = report?.Changed ?? [], Lines = [.. draft.Result.Lines, .. report?.Kept ?? []] }
            : draft.Result with
            {
                Code = OperationResult.PendingCode,
                Flags = report.Changed,
                Lines = report.IsSuperseded
                    ? [.. draft.Result.Lines, $"Not all flags are written, nor will be: {report.Problem}."]
                    : [.. draft.Result.Lines, $"Not all flags are written yet: {report.Problem}", "The change is recorded; the guard tries again each minute."],
                Next = "rollout status",
            };
    }
}
