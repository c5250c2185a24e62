using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Writes the flags of a recorded transition, marks it as done and announces it; safe to run again, on any instance.</summary>
public sealed class TransitionRunner(RolloutStates states, FlagWriter writer, FlagSource flags, TimeProvider time)
{
    /// <summary>Longer than any request to a flag store may take.</summary>
    private static readonly TimeSpan LateWrites = TimeSpan.FromMinutes(2);

    /// <returns>Null when no transition was under way.</returns>
    public async Task<TransitionResult?> FinishAsync(CancellationToken cancellationToken)
    {
        TransitionResult? result = await WriteAsync(cancellationToken);
        await RepairAsync(cancellationToken);
        return result;
    }

    private async Task<TransitionResult?> WriteAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await states.ReadAsync(cancellationToken);
        if (stored.State.Transition is not { } transition)
        {
            return null;
        }

        TransitionResult result = await writer.ApplyAsync(transition, token => IsCurrentAsync(transition, token), cancellationToken);
        await RecordAsync(transition, result, cancellationToken);
        return result;
    }

    /// <summary>Corrects a flag that a late write of a replaced change has overwritten.</summary>
    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await states.ReadAsync(cancellationToken);
        if (stored.State is not { Superseded: { } superseded, Transition: null } || states.Plan.Find(stored.State.Phase) is not { } phase)
        {
            return;
        }

        FlagSnapshot snapshot = await flags.RefreshAsync(cancellationToken);
        FlagTarget[] late =
        [
            .. DesiredFlags.For(phase, stored.State.RolledBack)
                .Where(t => IsLate(superseded, t, FlagSettingConverter.Read(snapshot, t.Flag))),
        ];
        var edit = new RolloutEdit(stored.State, time.GetUtcNow());
        if (late.Length > 0)
        {
            edit.BeginTransition("repair", late, snapshot, overwrite: true, AuditEntry.System, "a write of the replaced change came late");
        }
        else if (edit.Now - superseded.At > LateWrites)
        {
            edit.State = edit.State with { Superseded = null };
        }

        // When somebody else saved first, the guard's next run checks again.
        if (!edit.IsEmpty && await states.SaveAsync(edit, stored.Version, cancellationToken) is not null && late.Length > 0)
        {
            await WriteAsync(cancellationToken);
        }
    }

    private static bool IsLate(SupersededChange superseded, FlagTarget wanted, FlagSetting actual) =>
        actual != wanted.Setting && superseded.Targets.Any(t => t.Flag == wanted.Flag && t.Setting == actual);

    private async Task<bool> IsCurrentAsync(FlagTransition transition, CancellationToken cancellationToken) =>
        (await states.ReadAsync(cancellationToken)).State.Transition?.Id == transition.Id;

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
