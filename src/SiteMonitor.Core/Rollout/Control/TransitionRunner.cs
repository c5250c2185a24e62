using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Control;

/// <summary>Writes the flags of a recorded transition and marks it done; safe to run again, by anybody.</summary>
public sealed class TransitionRunner(RolloutStates states, FlagWriter writer, TimeProvider time)
{
    /// <returns>Null when no transition was under way.</returns>
    public async Task<FlagWriteReport?> FinishAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await states.ReadAsync(cancellationToken);
        if (stored.State.Transition is not { } transition)
        {
            return null;
        }

        FlagWriteReport report = await writer.ApplyAsync(transition, token => IsCurrentAsync(transition, token), cancellationToken);
        await RecordAsync(transition, report, cancellationToken);
        return report;
    }

    private async Task<bool> IsCurrentAsync(FlagTransition transition, CancellationToken cancellationToken) =>
        (await states.ReadAsync(cancellationToken)).State.Transition?.Id == transition.Id;

    // Others may save meanwhile (a confirmation, a second instance that finishes the same transition): read again, and only touch this transition.
    // A flag this one wrote is audited also when another instance has marked the transition done, or a rollback has replaced it.
    private async Task RecordAsync(FlagTransition transition, FlagWriteReport report, CancellationToken cancellationToken)
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

            // The guard judges what runs under the flags as they are now.
            edit.State = !isCurrent ? edit.State
                : report.IsDone ? edit.State with { Transition = null, GuardFrom = edit.Now }
                : edit.State with { Transition = transition with { Problem = report.Problem } };
            if (await states.SaveAsync(edit, stored.Version, cancellationToken) is not null)
            {
                return;
            }
        }
    }
}
