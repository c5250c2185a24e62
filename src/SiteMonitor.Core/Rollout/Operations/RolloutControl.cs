using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Applies an operator's request to the rollout and writes its flags. The change is saved first, against the version that was read,
/// so that two operators never both make it.
/// </summary>
public sealed class RolloutControl(
    RolloutStateRepository states, FlagSource flags, EvidenceReader evidence, TransitionRunner transitions, TimeProvider time)
{
    /// <summary>About half a minute: a rollback must not lose against others that save.</summary>
    private const int RollbackTries = 300;

    public Task<OperationResult> AdvanceAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, AdvanceOperation.Prepare, cancellationToken, withGate: true);

    public Task<OperationResult> BackAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, BackOperation.Prepare, cancellationToken, reasonFor: "back");

    public Task<OperationResult> AnnounceAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, AnnounceOperation.Prepare, cancellationToken);

    public Task<OperationResult> RollBackAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, RollbackOperation.Prepare, cancellationToken, pinsPhase: false, reasonFor: request.DryRun ? null : "rollback");

    public Task<OperationResult> NoGoAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, NoGoOperation.Prepare, cancellationToken, withGate: true, pinsPhase: false, reasonFor: "no-go");

    public Task<OperationResult> ResumeAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, ResumeOperation.Prepare, cancellationToken);

    public Task<OperationResult> FreezeAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, FreezeOperation.Freeze, cancellationToken, reasonFor: "freeze");

    public Task<OperationResult> UnfreezeAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, FreezeOperation.Unfreeze, cancellationToken);

    public Task<OperationResult> ResetEvidenceAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, FreezeOperation.ResetEvidence, cancellationToken, reasonFor: "reset-evidence");

    public Task<OperationResult> ConfirmAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, Confirmations.Confirm, cancellationToken);

    public Task<OperationResult> WithdrawAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        RunAsync(request, Confirmations.Withdraw, cancellationToken);

    /// <summary>Evaluates the gate of the current phase.</summary>
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
            return Gate.Evaluate(
                phase,
                state,
                null,
                $"could not be measured ({e.GetType().Name}: {e.Message.TrimEnd('.')}); that is no failure of the pipeline. Try again.");
        }
    }

    /// <param name="reasonFor">Display name of the operation in the error for a missing reason; null when no reason is required.</param>
    /// <param name="pinsPhase">
    /// Whether the operation is refused when the phase is not the one it was asked for in, or changes meanwhile. A rollback is wanted
    /// whatever the phase.
    /// </param>
    private async Task<OperationResult> RunAsync(
        OperatorRequest request,
        Func<OperationContext, OperatorRequest, OperationDraft> prepare,
        CancellationToken cancellationToken,
        bool withGate = false,
        bool pinsPhase = true,
        string? reasonFor = null)
    {
        if (request.FindMissingName() is { } missing)
        {
            return missing;
        }

        if (reasonFor is not null && string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.Invalid(
                $"rollout {reasonFor} needs a reason: it is audited and announced.", $"rollout {reasonFor} --reason \"…\"");
        }

        OperationDraft? draft = null;
        string? phase = request.Phase.Length > 0 ? request.Phase : null;
        RolloutState? saved = await states.UpdateAsync(
            async (state, token) =>
            {
                draft = pinsPhase && phase is not null && phase != state.Phase
                    ? OperationDraft.Refused(OperationResult.Conflict(
                        $"The rollout is in phase '{state.Phase}', not '{phase}' any more; nothing was done.", "rollout status"))
                    : prepare(await ReadContextAsync(state, withGate, token), request);
                phase ??= state.Phase;
                return request.DryRun ? null : draft.Edit;
            },
            cancellationToken,
            pinsPhase ? RolloutStateRepository.DefaultTries : RollbackTries);
        return saved is null ? OperationResult.ConcurrentUpdate
            : draft!.Edit is null || request.DryRun ? CreatePlan(draft, request) with { Phase = phase! }
            : await WriteFlagsAsync(draft);
    }

    private async Task<OperationContext> ReadContextAsync(RolloutState state, bool withGate, CancellationToken cancellationToken) => new()
    {
        State = state,
        Plan = states.Plan,
        Flags = await flags.RefreshAsync(cancellationToken),
        Criteria = withGate ? await GateAsync(state, cancellationToken) : [],
        Now = time.GetUtcNow(),
    };

    private static OperationResult CreatePlan(OperationDraft draft, OperatorRequest request)
    {
        if (draft.Edit?.State.Transition is not { } transition)
        {
            return draft.Result;
        }

        IEnumerable<FlagChange> changes = transition.Targets
            .Select(t => new FlagChange(t.Flag, transition.Before[t.Flag], t.Setting.ToString()))
            .Where(c => c.Before != c.After);
        return draft.Result with { Flags = [.. changes], Next = request.DryRun ? "Run it without --dry-run to do it." : draft.Result.Next };
    }

    // The change is saved: whoever asked for it may be gone, and its flags are written all the same.
    private async Task<OperationResult> WriteFlagsAsync(OperationDraft draft)
    {
        if (draft.Edit!.State.Transition is null)
        {
            return draft.Result with { Code = OperationResult.DoneCode };
        }

        TransitionResult? written = await transitions.FinishAsync(CancellationToken.None);
        if (written is null or { IsDone: true })
        {
            return draft.Result with
            {
                Code = OperationResult.DoneCode,
                Flags = written?.Changed ?? [],
                Lines = [.. draft.Result.Lines, .. written?.Kept ?? []],
            };
        }

        IReadOnlyList<string> problem = written.IsSuperseded
            ? [$"Some flags were not written and will not be retried: {written.Problem}."]
            : [$"Not all flags are written yet: {written.Problem}", "The change is recorded; the guard retries every minute."];
        return draft.Result with
        {
            Code = OperationResult.PendingCode,
            Flags = written.Changed,
            Lines = [.. draft.Result.Lines, .. problem],
            Next = "rollout status",
        };
    }
}
