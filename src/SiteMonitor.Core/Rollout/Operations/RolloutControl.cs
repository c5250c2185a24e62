using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Applies an operator's request to the rollout and writes its flags. The change is saved first, against the version that was read,
/// so that two operators never both make it.
/// </summary>
public sealed class RolloutControl(RolloutStateRepository states, FlagSource flags, EvidenceReader evidence, TransitionRunner transitions)
{
    /// <summary>About half a minute: a rollback must not lose against others that save.</summary>
    private const int RollbackTries = 300;

    /// <summary>The names of the operations.</summary>
    public static IReadOnlyList<string> Operations { get; } = [.. RolloutOperation.All.Select(o => o.Name)];

    /// <param name="operation">One of <see cref="Operations"/>.</param>
    public async Task<OperationResult> RunAsync(string operation, OperatorRequest request, CancellationToken cancellationToken)
    {
        RolloutOperation known = RolloutOperation.All.Single(o => o.Name == operation);
        string phase = request.Phase;
        bool changesFlags = false;
        OperationResult result = await request.ApplyAsync(
            states,
            async (edit, token) =>
            {
                phase = phase.Length > 0 ? phase : edit.State.Phase;
                OperationResult planned =
                    known.NeedsReason && string.IsNullOrWhiteSpace(request.Reason) ? OperationResult.WithoutReason(operation)
                    : !known.AllowsPhaseChange && phase != edit.State.Phase
                        ? OperationResult.Conflict(
                            $"The rollout is in phase '{edit.State.Phase}', not '{phase}' any more; nothing was done.", "rollout status")
                    : WithFlags(known.Prepare(await ReadContextAsync(edit, known.ReadsGate, token), request, edit), edit);
                changesFlags = edit.State.Transition is not null;
                return planned;
            },
            cancellationToken,
            known.AllowsPhaseChange ? RollbackTries : RolloutStateRepository.DefaultTries);
        return result.Code != OperationResult.DoneCode ? result with { Phase = phase }
            : changesFlags ? await WriteFlagsAsync(result)
            : result;
    }

    /// <summary>Evaluates the gate of the current phase.</summary>
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
            return Gate.Evaluate(phase, state, evidence: null,
                $"could not be measured ({e.GetType().Name}: {e.Message.TrimEnd('.')}). This is not a failure of the pipeline; try again.");
        }
    }

    private async Task<OperationContext> ReadContextAsync(RolloutEdit edit, bool withGate, CancellationToken cancellationToken) =>
        new(edit.State, states.Plan, await flags.RefreshAsync(cancellationToken))
        {
            Criteria = withGate ? await GateAsync(edit.State, cancellationToken) : [],
        };

    private static OperationResult WithFlags(OperationResult result, RolloutEdit edit)
    {
        if (result.Code != OperationResult.PlannedCode || edit.State.Transition is not { } transition)
        {
            return result;
        }

        var changes = transition.Targets.Select(t => new FlagChange(t.Flag, transition.Before[t.Flag], t.Setting.ToString()));
        return result with { Flags = [.. changes.Where(c => c.Before != c.After)] };
    }

    // The change is saved: whoever asked for it may be gone, and its flags are written all the same.
    private async Task<OperationResult> WriteFlagsAsync(OperationResult saved)
    {
        TransitionResult written = await transitions.FinishAsync(CancellationToken.None);
        saved = saved with { Flags = written.Changed };
        if (written.IsDone)
        {
            return saved with { Lines = [.. saved.Lines, .. written.Kept] };
        }

        IReadOnlyList<string> problem = written.IsSuperseded
            ? [$"Some flags were not written and will not be retried: {written.Problem}."]
            : [$"Not all flags are written yet: {written.Problem}", "The change is recorded; the guard retries every minute."];
        return saved with { Code = OperationResult.PendingCode, Lines = [.. saved.Lines, .. problem], Next = "rollout status" };
    }
}
