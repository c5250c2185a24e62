using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Writes the flags of a recorded transition, marks it done and tells people; safe to run again, by anybody.</summary>
public sealed class TransitionRunner(RolloutStates states, FlagWriter writer, FlagSource flags, TimeProvider time)
{
    /// <summary>Longer than any request to a flag store may take.</summary>
    private static readonly TimeSpan LateWrites = TimeSpan.FromMinutes(2);

    /// <returns>Null when no transition was under way.</returns>
    public async Task<TransitionResult?> FinishAsync(CancellationToken cancellationToken)
    {
        TransitionResult? report = await WriteAsync(cancellationToken);
        await RepairAsync(cancellationToken);
        return report;
    }

    private async Task<TransitionResult?> WriteAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await states.ReadAsync(cancellationToken);
        if (stored.State.Transition is not { } transition)
        {
            return null;
        }

        TransitionResult report = await writer.ApplyAsync(transition, token => IsCurrentAsync(transition, token), cancellationToken);
        await RecordAsync(transition, report, cancellationToken);
        return report;
    }

    /// <summary>A write of a change that another one replaced can land after the other one found its flag as wanted and wrote nothing: such a flag is set right.</summary>
    private async Task RepairAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await states.ReadAsync(cancellationToken);
        if (stored.State is not { Superseded: { } overtaken, Transition: null } || states.Plan.Find(stored.State.Phase) is not { } phase)
        {
            return;
        }

        FlagSnapshot snapshot = await flags.RefreshAsync(cancellationToken);
        FlagTarget[] late = [.. DesiredFlags.For(phase, stored.State.RolledBack).Where(t => IsLate(overtaken, t, FlagSettingConverter.Read(snapshot, t.Flag)))];
        var edit = new RolloutEdit(stored.State, time.GetUtcNow());
        if (late.Length > 0)
        {
            edit.BeginTransition("repair", late, snapshot, overwrite: true, "system", "a write of the replaced change came late");
        }
        else if (edit.Now - overtaken.At > LateWrites)
        {
            edit.State = edit.State with { Superseded = null };
        }

        // When somebody else saved first, the guard's next round looks again.
        if (!edit.IsEmpty && await states.SaveAsync(edit, stored.Version, cancellationToken) is not null && late.Length > 0)
        {
            await WriteAsync(cancellationToken);
        }
    }

    private static bool IsLate(SupersededChange overtaken, FlagTarget wanted, FlagSetting actual) =>
        actual != wanted.Setting && overtaken.Targets.Any(t => t.Flag == wanted.Flag && t.Setting == actual);

    private async Task<bool> IsCurrentAsync(FlagTransition transition, CancellationToken cancellationToken) =>
        (await states.ReadAsync(cancellationToken)).State.Transition?.Id == transition.Id;

    // Others may save meanwhile (a confirmation, a second instance that finishes the same transition): read again, and only touch this transition.
    // A flag this one wrote is audited also when another instance has marked the transition done, or a rollback has replaced it.
    private async Task RecordAsync(FlagTransition transition, TransitionResult report, CancellationToken cancellationToken)
    {
        while (true)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            bool isCurrent = stored.State.Transition?.Id == transition.Id;
            if (!isCurrent && report.Changed.Count == 0)
            {
                return;
            }

            var edit = new RolloutEdit(stored.State, time.GetUtcNow());
            foreach (FlagChange change in report.Changed)
            {
                edit.Audit(transition.By, "flag", transition.What, $"{change.Flag}: {change.Before}", change.After);
            }

            foreach (string kept in isCurrent ? report.Kept : [])
            {
                edit.Audit("outside", "flag-kept", kept);
            }

            if (isCurrent)
            {
                Complete(edit, stored.State.Transition!, report);
            }

            if (edit.IsEmpty || await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                return;
            }
        }
    }

    private static void Complete(RolloutEdit edit, FlagTransition transition, TransitionResult report)
    {
        if (report.IsDone)
        {
            // The guard judges what runs under the flags as they are now.
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
                [$"Flags could not all be written: {report.Problem}", .. report.Changed.Select(c => $"Written: {c.Flag}: {c.Before} → {c.After}"), "The guard tries again each minute; rollout status shows how it stands."]);
        }

        if (transition.Problem != report.Problem)
        {
            edit.State = edit.State with { Transition = transition with { Problem = report.Problem } };
        }
    }
}
