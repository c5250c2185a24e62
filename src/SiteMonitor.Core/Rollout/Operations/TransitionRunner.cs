using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Writes the flags of a recorded transition one by one, each with the ETag it was read with, marks the transition as done and announces
/// it. Running it again, on any instance, finishes what is missing and changes nothing else.
/// </summary>
public sealed class TransitionRunner(RolloutStateRepository states, IFlagStore store, FlagSource flags)
{
    private const int Tries = 4;

    /// <summary>Longer than any request to a flag store may take.</summary>
    private static readonly TimeSpan LateWrites = TimeSpan.FromMinutes(2);

    // On the machine's clock, like the store's own time-outs.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Writes the flags of the pending transition. Without one, the result is empty and done.</summary>
    public async Task<TransitionResult> FinishAsync(CancellationToken cancellationToken)
    {
        TransitionResult result = await WriteAsync(cancellationToken);
        if (await BeginRepairAsync(cancellationToken))
        {
            await WriteAsync(cancellationToken);
        }

        return result;
    }

    private async Task<TransitionResult> WriteAsync(CancellationToken cancellationToken)
    {
        if ((await states.ReadAsync(cancellationToken)).State.Transition is not { } transition)
        {
            return new TransitionResult();
        }

        var result = new TransitionResult();
        foreach (FlagTarget target in transition.Targets)
        {
            if (await WriteAsync(transition, target, result, cancellationToken) is { } problem)
            {
                result.Problems.Add(problem);
            }

            if (result.IsSuperseded || (!result.IsDone && transition.StopsOnFailure))
            {
                break;
            }
        }

        await flags.RefreshAsync(cancellationToken);
        await RecordAsync(transition, result, cancellationToken);
        return result;
    }

    /// <returns>Why the flag is not written; null when it is, or is to be left alone.</returns>
    private async Task<string?> WriteAsync(
        FlagTransition transition, FlagTarget target, TransitionResult result, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Tries; i++)
        {
            FlagReadResult read = await store.ReadForWriteAsync(cancellationToken);
            if (read is not FlagReadResult.Loaded(FlagSnapshot snapshot))
            {
                return $"{store.Description}: {(read as FlagReadResult.Unavailable)?.Reason}";
            }

            FlagSetting actual = snapshot.GetSetting(target.Flag);
            if (actual == target.Setting)
            {
                return null;
            }

            if (!transition.Overwrite && transition.Before.TryGetValue(target.Flag, out string? before) && before != actual.ToString())
            {
                result.Kept.Add($"{target.Flag} was changed meanwhile to {actual} and is left so; the plan says {target.Setting}");
                return null;
            }

            // Asked between reading and writing, so that a replaced transition writes nothing after a rollback.
            if ((await states.ReadAsync(cancellationToken)).State.Transition?.Id != transition.Id)
            {
                result.IsSuperseded = true;
                return null;
            }

            StoredFlag? existing = snapshot.Find(target.Flag);
            string json = FlagSettingWriter.Apply(target.Flag, existing?.Content, target.Setting);
            switch (await store.WriteAsync(target.Flag, json, existing?.ETag, cancellationToken))
            {
                case FlagWriteResult.Written:
                    result.Changed.Add(new FlagChange(target.Flag, actual.ToString(), target.Setting.ToString()));
                    return null;
                case FlagWriteResult.Failed(string reason):
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
            async (edit, token) =>
            {
                late = [];
                if (edit.State is not { Superseded: { } superseded, Transition: null }
                    || states.Plan.Find(edit.State.Phase) is not { } phase)
                {
                    return;
                }

                FlagSnapshot snapshot = await flags.RefreshAsync(token);
                IEnumerable<FlagTarget> wrong =
                    DesiredFlags.For(phase, edit.State.RolledBack).Where(t => t.Setting != snapshot.GetSetting(t.Flag));

                // Wrong, and exactly as the replaced change would have written it.
                late = [.. wrong.Where(t => superseded.Targets.Contains(new FlagTarget(t.Flag, snapshot.GetSetting(t.Flag))))];
                if (late.Length > 0)
                {
                    edit.BeginTransition(
                        "repair", late, snapshot, overwrite: true, AuditEntry.System, "a write of the replaced change came late");
                }
                else if (edit.Now - superseded.At > LateWrites)
                {
                    edit.State = edit.State with { Superseded = null };
                }
            },
            cancellationToken);
        return late.Length > 0;
    }

    // Others may save meanwhile (a confirmation, a second instance that finishes the same transition): only this transition is touched.
    // A flag that was written is audited also when another instance has marked the transition as done, or a rollback has replaced it.
    private async Task RecordAsync(FlagTransition transition, TransitionResult result, CancellationToken cancellationToken) =>
        await states.UpdateUntilSavedAsync(
            edit =>
            {
                foreach (FlagChange change in result.Changed)
                {
                    edit.Audit(transition.By, "flag", transition.What, $"{change.Flag}: {change.Before}", change.After);
                }

                if (edit.State.Transition is { } current && current.Id == transition.Id)
                {
                    CompleteTransition(edit, current, result);
                }
            },
            cancellationToken);

    private static void CompleteTransition(RolloutEdit edit, FlagTransition transition, TransitionResult result)
    {
        foreach (string kept in result.Kept)
        {
            edit.Audit(AuditEntry.Outside, "flag-kept", kept);
        }

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
            edit.Announce(Topics.RolloutChanged, $"NOT done yet in phase {edit.State.Phase}: {transition.What}",
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
public sealed class TransitionResult
{
    /// <summary>Flags that were written now.</summary>
    public List<FlagChange> Changed { get; } = [];

    /// <summary>Flags that were changed concurrently, and are left as they are.</summary>
    public List<string> Kept { get; } = [];

    public List<string> Problems { get; } = [];

    /// <summary>Whether another transition replaced this one before all flags were written.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>Why not all flags are written; empty when they are.</summary>
    public string Problem => IsSuperseded ? "a newer change of the rollout replaced this one" : string.Join("; ", Problems.Distinct());

    public bool IsDone => Problem.Length == 0;
}
