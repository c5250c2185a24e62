using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Computes what the flags should say: the phase's settings, with those of a rollback in their place.</summary>
public static class DesiredFlags
{
    public static IReadOnlyList<FlagTarget> For(PhasePlan phase, RollbackState? rolledBack)
    {
        Dictionary<string, FlagTarget> overlay = (rolledBack?.Overlay ?? []).ToDictionary(t => t.Flag);
        return [.. phase.Flags.Targets().Select(t => overlay.GetValueOrDefault(t.Flag, t))];
    }

    /// <summary>
    /// Finds flags that differ from what they should say. A flag that is not there does not count, since the next change of flags creates
    /// it. If the flags were never read, missing flags count too, because their actual values are unknown.
    /// </summary>
    public static IReadOnlyList<FlagDrift> FindDrift(IEnumerable<FlagTarget> wanted, FlagSnapshot flags) =>
    [
        .. wanted.Select(t => (t.Flag, t.Setting, Actual: flags.GetSetting(t.Flag)))
            .Where(t => t.Setting != t.Actual && (t.Actual != FlagSetting.Missing || flags.ReadAt == FlagSnapshot.None.ReadAt))
            .Select(t => new FlagDrift(t.Flag, t.Setting.ToString(), t.Actual.ToString())),
    ];

    /// <summary>Returns what a rollback sets, in write order. A stage's fallback is switched on before the stage is switched off.</summary>
    public static IReadOnlyList<FlagTarget> ForRollback(IReadOnlyList<Stage> stages) => stages.Count == 0
        ?
        [
            new FlagTarget(FlagNames.UnifiedPipeline, FlagSetting.Off),
            new FlagTarget(FlagNames.LegacyCommands, FlagSetting.Of(LegacyCommandMode.Available)),
        ]
        :
        [
            .. stages.SelectMany(s => new[]
            {
                new FlagTarget(FlagNames.FallbackFor(s), FlagSetting.On),
                new FlagTarget(FlagNames.For(s), FlagSetting.Off),
            }),
        ];
}
