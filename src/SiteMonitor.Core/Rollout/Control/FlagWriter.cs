using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Control;

/// <summary>Writes the flags of a transition, one by one, each with the ETag it was read with; running it again finishes what is missing and changes nothing else.</summary>
public sealed class FlagWriter(IFlagStore store, FlagSource source)
{
    private const int Tries = 4;

    public async Task<FlagWriteReport> ApplyAsync(FlagTransition transition, CancellationToken cancellationToken)
    {
        List<FlagChange> changed = [];
        List<string> kept = [];
        List<string> problems = [];
        foreach (FlagTarget target in transition.Targets)
        {
            string? problem = await WriteAsync(transition, target, changed, kept, cancellationToken);
            if (problem is not null)
            {
                problems.Add(problem);
            }
        }

        await source.RefreshAsync(cancellationToken);
        return new FlagWriteReport(changed, kept, string.Join("; ", problems.Distinct()));
    }

    private async Task<string?> WriteAsync(FlagTransition transition, FlagTarget target, List<FlagChange> changed, List<string> kept, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Tries; i++)
        {
            FlagReadResult read = await store.ReadAsync(null, cancellationToken);
            if (read is not FlagReadResult.Loaded(FlagSnapshot flags))
            {
                return $"{store.Description}: {(read as FlagReadResult.Unavailable)?.Reason}";
            }

            FlagSetting actual = FlagDesign.Read(flags, target.Flag);
            if (actual == target.Setting)
            {
                return null;
            }

            if (!transition.Overwrite && transition.Before.TryGetValue(target.Flag, out string? before) && before != actual.ToString())
            {
                kept.Add($"{target.Flag} was changed meanwhile to {actual} and is left so; the plan says {target.Setting}");
                return null;
            }

            StoredFlag? existing = flags.Find(target.Flag);
            FlagWriteResult result = await store.WriteAsync(target.Flag, FlagDesign.Apply(target.Flag, existing?.Flag.Json, target.Setting), existing?.ETag, cancellationToken);
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
        }

        return $"{target.Flag}: somebody keeps changing it";
    }
}
