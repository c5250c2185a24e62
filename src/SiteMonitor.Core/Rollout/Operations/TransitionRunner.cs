using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Writes the flags of a recorded transition one by one, each with the ETag it was read with, marks the transition as done and announces
/// it. Running it again, on any instance, finishes what is missing and changes nothing else.
/// </summary>
public sealed class TransitionRunner(RolloutStateRepository states, IFlagStore store, FlagSource flags, TimeProvider time)
{
    private const int Tries = 4;

    /// <summary>Longer than any request to a flag store may take.</summary>
    private static readonly TimeSpan LateWrites = TimeSpan.FromMinutes(2);

    // On the machine's clock, like the store's own time-outs.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <returns>Null when no transition was under way.</returns>
    public async Task<TransitionResult?> FinishAsync(CancellationToken cancellationToken)
    {
        TransitionResult? result = await WriteAsync(cancellationToken);
        if (await BeginRepairAsync(cancellationToken))
        {
            await WriteAsync(cancellationToken);
        }

        return result;
    }

    private async Task<TransitionResult?> WriteAsync(CancellationToken cancellationToken)
    {
        if ((await states.ReadAsync(cancellationToken)).State.Transition is not { } transition)
        {
            return null;
        }

        List<FlagChange> changed = [];
        List<string> kept = [];
        List<string> problems = [];
        foreach (FlagTarget target in transition.Targets)
        {
            if (await WriteAsync(transition, target, changed, kept, cancellationToken) is { } problem)
            {
                problems.Add(problem);
                if (transition.StopsAtAProblem || problem == TransitionResult.SupersededProblem)
                {
                    break;
                }
            }
        }

        await flags.RefreshAsync(cancellationToken);
        string all = problems.Contains(TransitionResult.SupersededProblem)
            ? TransitionResult.SupersededProblem
            : string.Join("; ", problems.Distinct());
        var result = new TransitionResult(changed, kept, all);
        await RecordAsync(transition, result, cancellationToken);
        return result;
    }

    /// <returns>Why the flag is not written; null when it is, or is to be left alone.</returns>
    private async Task<string?> WriteAsync(
        FlagTransition transition, FlagTarget target, List<FlagChange> changed, List<string> kept, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Tries; i++)
        {
            FlagReadResult read = await store.ReadForWriteAsync(cancellationToken);
            if (read is not FlagReadResult.Loaded(FlagSnapshot snapshot))
            {
                return $"{store.Description}: {(read as FlagReadResult.Unavailable)?.Reason}";
            }

            FlagSetting actual = FlagSettingConverter.Read(snapshot, target.Flag);
            if (actual == target.Setting)
            {
                return null;
            }

            if (!transition.Overwrite && transition.Before.TryGetValue(target.Flag, out string? before) && before != actual.ToString())
            {
                kept.Add($"{target.Flag} was changed meanwhile to {actual} and is left so; the plan says {target.Setting}");
                return null;
            }

            // Asked between reading and writing, so that a replaced transition writes nothing after a rollback.
            if ((await states.ReadAsync(cancellationToken)).State.Transition?.Id != transition.Id)
            {
                return TransitionResult.SupersededProblem;
            }

            StoredFlag? existing = snapshot.Find(target.Flag);
            string json = FlagSettingConverter.Apply(target.Flag, existing?.Flag.Json, target.Setting);
            switch (await store.WriteAsync(target.Flag, json, existing?.ETag, cancellationToken))
            {
                case FlagWriteResult.Written:
                    changed.Add(new FlagChange(target.Flag, actual.ToString(), target.Setting.ToString()));
                    return null;
                case FlagWriteResult.Refused(string reason):
                    return $"{target.Flag}: {reason}";
                case FlagWriteResult.Unavailable(string reason):
                    return $"{target.Flag}: {reason}";
            }

            await Task.Delay(Pause * (i + 1), TimeProvider.System, cancellationToken);
        }

        return $"{target.Flag}: somebody keeps changing it";
    }

    /// <summary>Begins to correct a flag that a late write of a replaced change has overwritten.</summary>
    private async Task<bool> BeginRepairAsync(CancellationToken cancellationToken)
    {
        FlagTarget[] late = [];
        await states.UpdateAsync(
            async (state, token) =>
            {
                late = [];
                if (state is not { Superseded: { } superseded, Transition: null } || states.Plan.Find(state.Phase) is not { } phase)
                {
                    return null;
                }

                FlagSnapshot snapshot = await flags.RefreshAsync(token);
                late =
                [
                    .. DesiredFlags.For(phase, state.RolledBack)
                        .Where(t => IsLate(superseded, t, FlagSettingConverter.Read(snapshot, t.Flag))),
                ];
                var edit = new RolloutEdit(state, time.GetUtcNow());
                if (late.Length > 0)
                {
                    edit.BeginTransition(
                        "repair", late, snapshot, overwrite: true, AuditEntry.System, "a write of the replaced change came late");
                }
                else if (edit.Now - superseded.At > LateWrites)
                {
                    edit.State = edit.State with { Superseded = null };
                }

                return edit;
            },
            cancellationToken);
        return late.Length > 0;
    }

    private static bool IsLate(SupersededChange superseded, FlagTarget wanted, FlagSetting actual) =>
        actual != wanted.Setting && superseded.Targets.Any(t => t.Flag == wanted.Flag && t.Setting == actual);

    // Others may save meanwhile (a confirmation, a second instance that finishes the same transition): only this transition is touched.
    // A flag that was written is audited also when another instance has marked the transition as done, or a rollback has replaced it.
    private async Task RecordAsync(FlagTransition transition, TransitionResult result, CancellationToken cancellationToken) =>
        await states.UpdateAsync(
        state =>
        {
            bool isCurrent = state.Transition?.Id == transition.Id;
            var edit = new RolloutEdit(state, time.GetUtcNow());
            foreach (FlagChange change in result.Changed)
            {
                edit.Audit(transition.By, "flag", transition.What, $"{change.Flag}: {change.Before}", change.After);
            }

            foreach (string kept in isCurrent ? result.Kept : [])
            {
                edit.Audit(AuditEntry.Outside, "flag-kept", kept);
            }

            if (isCurrent)
            {
                Complete(edit, state.Transition!, result);
            }

            return edit;
        },
        cancellationToken);

    private static void Complete(RolloutEdit edit, FlagTransition transition, TransitionResult result)
    {
        if (result.IsDone)
        {
            // The guard counts runs that start under the flags as they are now.
            edit.State = edit.State with { Transition = null, GuardFrom = edit.Now };
            foreach (FlagTransition.PendingAnnouncement word in transition.WhenDone)
            {
                edit.Announce(word.Topic, word.Title, word.Lines, word.IncidentId);
            }

            return;
        }

        if (transition.Problem.Length == 0)
        {
            edit.Announce(
                Topics.RolloutChanged,
                $"NOT done yet in phase {edit.State.Phase}: {transition.What}",
                [
                    $"Flags could not all be written: {result.Problem}",
                    .. result.Changed.Select(c => $"Written: {c.Flag}: {c.Before} → {c.After}"),
                    "The guard tries again each minute; rollout status shows the result.",
                ]);
        }

        if (transition.Problem != result.Problem)
        {
            edit.State = edit.State with { Transition = transition with { Problem = result.Problem } };
        }
    }
}

/// <summary>Result of writing the flags of a transition.</summary>
/// <param name="Changed">Flags that were written now.</param>
/// <param name="Kept">Flags that somebody changed meanwhile and that were left alone.</param>
/// <param name="Problem">Why not all are written; empty when the transition is done.</param>
public sealed record TransitionResult(IReadOnlyList<FlagChange> Changed, IReadOnlyList<string> Kept, string Problem)
{
    /// <summary>The problem of a transition that another change has replaced: the rest of it is not to be written any more.</summary>
    internal const string SupersededProblem = "another change of the rollout has taken its place";

    public bool IsDone => Problem.Length == 0;

    /// <summary>Another change came in between; the rest is left to it.</summary>
    public bool IsSuperseded => Problem == SupersededProblem;
}
