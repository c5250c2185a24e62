using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>
/// Audits and announces flags that somebody changed outside, once each, and never overwrites them.
/// Switching the pipeline or a stage off outside is a rollback by hand.
/// </summary>
internal static class DriftRecorder
{
    private static readonly HashSet<string> SetByRollbacks =
        [.. DesiredFlags.ForRollback([]).Concat(DesiredFlags.ForRollback(Enum.GetValues<Stage>())).Select(t => t.Flag)];

    public static void Record(OperationContext context, RolloutEdit edit)
    {
        IReadOnlyList<FlagDrift> now = context.Drift;
        FlagDrift[] news = [.. now.Where(d => !edit.State.Drift.Contains(d))];
        FlagDrift[] ended = [.. edit.State.Drift.Where(d => now.All(n => n.Flag != d.Flag))];
        foreach (FlagDrift drift in news)
        {
            edit.Audit(AuditEntry.Outside, "drift", $"{drift.Flag} was changed outside", $"plan: {drift.Wanted}",
                $"{drift.Flag}: {drift.Actual}");
        }

        foreach (FlagDrift gone in ended)
        {
            edit.Audit(AuditEntry.Outside, "drift-ended", $"{gone.Flag} is as planned again", $"{gone.Flag}: {gone.Actual}", gone.Wanted);
        }

        if (!now.SequenceEqual(edit.State.Drift))
        {
            edit.State = edit.State with { Drift = now };
        }

        RollbackState? rollback = FindManualRollback(context, now, edit.Now);
        Announce(edit, [.. news.Where(d => rollback?.Overlay.Any(t => t.Flag == d.Flag) != true)], ended);
        if (rollback is { } mark)
        {
            string incident = edit.OpenIncident($"{mark.Title} by hand in phase {context.State.Phase}", AuditEntry.Outside,
                ["A flag was switched off outside SiteMonitor."]);
            edit.State = edit.State with
            {
                RolledBack = mark with { IncidentId = incident },
                Drift = [.. now.Where(d => mark.Overlay.All(t => t.Flag != d.Flag))],
                Guard = GuardState.Empty,
                GuardFrom = edit.Now,
            };
            SwitchFallbacksOn(context, edit, mark, now);
            edit.Audit(AuditEntry.Outside, "rollback", mark.Reason, context.State.Phase, mark.Title);
            edit.Announce(Topics.RollbackDone, $"{mark.Title} in phase {context.State.Phase}, by a flag switched off by hand",
                [mark.Reason], incident);
        }
    }

    // A rollback by hand is announced as such.
    private static void Announce(RolloutEdit edit, FlagDrift[] news, FlagDrift[] ended)
    {
        if (news.Length + ended.Length > 0)
        {
            string advice = edit.State is { Frozen: null, RolledBack: null }
                ? "SiteMonitor does not change them. Restore them in the flag store, or run rollout resume --overwrite-drift."
                : "SiteMonitor does not change them. Restore them in the flag store.";
            string what = news.Length > 0 ? "Flags were changed outside" : "Flags are as planned again";
            edit.Announce(Topics.RolloutChanged, $"{what} in phase {edit.State.Phase}",
            [
                .. news.Select(d => d.Describe()),
                .. ended.Select(d => $"{d.Flag} is as planned again: {d.Wanted}"),
                .. news.Length > 0 ? [advice] : Array.Empty<string>(),
            ]);
        }
    }

    // Whoever switches the pipeline or a stage off in the portal at night gets what that rollback is: the old commands work, the stage's
    // legacy logic takes over. Unless someone has set those flags otherwise, or flags are not ours to flip.
    private static void SwitchFallbacksOn(OperationContext context, RolloutEdit edit, RollbackState mark, IReadOnlyList<FlagDrift> drift)
    {
        FlagTarget[] fallbacks =
        [
            .. DesiredFlags.ForRollback(mark.Kind == RollbackKind.Full ? [] : mark.Stages)
                .Where(t => t.Setting.Enabled && drift.All(d => d.Flag != t.Flag)),
        ];
        if (fallbacks.Length == 0 || !context.Flags.GetSetting(FlagNames.AutomaticRollback).Enabled)
        {
            return;
        }

        edit.BeginTransition(FlagTransition.Rollback, fallbacks, context.Flags, overwrite: false, AuditEntry.Guard, mark.Reason);
        FlagTarget[] overlay = [.. mark.Overlay.Where(t => fallbacks.All(f => f.Flag != t.Flag)), .. fallbacks];
        edit.State = edit.State with { RolledBack = edit.State.RolledBack! with { Overlay = overlay } };
    }

    private static RollbackState? FindManualRollback(OperationContext context, IReadOnlyList<FlagDrift> drift, DateTimeOffset now)
    {
        RollbackState? earlier = context.State.RolledBack;
        if (earlier?.Kind == RollbackKind.Full || context.KnownPhase is not { Flags.UnifiedPipeline.Enabled: true })
        {
            return null;
        }

        bool IsOff(string flag) => drift.Any(d => d.Flag == flag && d.Actual == FlagSetting.Off.ToString());
        bool isFull = IsOff(FlagNames.UnifiedPipeline);
        Stage[] stages = isFull ? [] : [.. Enum.GetValues<Stage>().Where(s => IsOff(FlagNames.For(s)))];
        if (!isFull && stages.Length == 0)
        {
            return null;
        }

        // The flags that a rollback sets keep their current values until resume. Any other flag that differs remains drift, which is never
        // overwritten unless an operator asks for it.
        IEnumerable<FlagTarget> overlay = (earlier?.Overlay ?? []).Where(t => drift.All(d => d.Flag != t.Flag))
            .Concat(drift.Where(d => SetByRollbacks.Contains(d.Flag))
                .Select(d => new FlagTarget(d.Flag, context.Flags.GetSetting(d.Flag))));
        string[] off = isFull ? [FlagNames.UnifiedPipeline] : [.. stages.Select(FlagNames.For)];
        return new RollbackState(
            isFull ? RollbackKind.Full : RollbackKind.Partial, [.. (earlier?.Stages ?? []).Union(stages)], [.. overlay],
            AuditEntry.Outside, $"Switched off outside SiteMonitor: {string.Join(", ", off)}", now, IncidentId: null);
    }
}
