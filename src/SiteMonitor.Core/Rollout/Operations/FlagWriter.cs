using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Writes the flags of a transition one by one, each with the ETag it was read with. Running it again finishes what is missing and changes
/// nothing else.
/// </summary>
public sealed class FlagWriter(IFlagStore store, FlagSource source)
{
    /// <summary>The problem of a transition that another change has replaced: the rest of it is not to be written any more.</summary>
    internal const string SupersededProblem = "another change of the rollout has taken its place";

    private const int Tries = 4;

    // On the machine's clock, like the store's own time-outs.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <param name="isCurrent">
    /// Whether the transition is still the one under way. Asked between reading and writing a flag, so that a replaced transition writes
    /// nothing after a rollback.
    /// </param>
    public async Task<TransitionResult> ApplyAsync(
        FlagTransition transition, Func<CancellationToken, Task<bool>> isCurrent, CancellationToken cancellationToken)
    {
        List<FlagChange> changed = [];
        List<string> kept = [];
        List<string> problems = [];
        foreach (FlagTarget target in transition.Targets)
        {
            string? problem = await WriteAsync(transition, target, isCurrent, changed, kept, cancellationToken);
            if (problem == SupersededProblem)
            {
                problems = [SupersededProblem];
                break;
            }

            if (problem is not null)
            {
                problems.Add(problem);
                if (transition.StopsAtAProblem)
                {
                    break;
                }
            }
        }

        await source.RefreshAsync(cancellationToken);
        return new TransitionResult(changed, kept, string.Join("; ", problems.Distinct()));
    }

    private async Task<string?> WriteAsync(
        FlagTransition transition,
        FlagTarget target,
        Func<CancellationToken, Task<bool>> isCurrent,
        List<FlagChange> changed,
        List<string> kept,
        CancellationToken cancellationToken)
    {
        for (int i = 0; i < Tries; i++)
        {
            FlagReadResult read = await store.ReadAsync(null, cancellationToken);
            if (read is not FlagReadResult.Loaded(FlagSnapshot flags))
            {
                return $"{store.Description}: {(read as FlagReadResult.Unavailable)?.Reason}";
            }

            FlagSetting actual = FlagSettingConverter.Read(flags, target.Flag);
            if (actual == target.Setting)
            {
                return null;
            }

            if (!transition.Overwrite && transition.Before.TryGetValue(target.Flag, out string? before) && before != actual.ToString())
            {
                kept.Add($"{target.Flag} was changed meanwhile to {actual} and is left so; the plan says {target.Setting}");
                return null;
            }

            if (!await isCurrent(cancellationToken))
            {
                return SupersededProblem;
            }

            StoredFlag? existing = flags.Find(target.Flag);
            string json = FlagSettingConverter.Apply(target.Flag, existing?.Flag.Json, target.Setting);
            FlagWriteResult result = await store.WriteAsync(target.Flag, json, existing?.ETag, cancellationToken);
            switch (result)
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
}

/// <summary>Result of writing the flags of a transition.</summary>
/// <param name="Changed">Flags that were written now.</param>
/// <param name="Kept">Flags that somebody changed meanwhile and that were left alone.</param>
/// <param name="Problem">Why not all are written; empty when the transition is done.</param>
public sealed record TransitionResult(IReadOnlyList<FlagChange> Changed, IReadOnlyList<string> Kept, string Problem)
{
    public bool IsDone => Problem.Length == 0;

    /// <summary>Another change came in between; the rest is left to it.</summary>
    public bool IsSuperseded => Problem == FlagWriter.SupersededProblem;
}
