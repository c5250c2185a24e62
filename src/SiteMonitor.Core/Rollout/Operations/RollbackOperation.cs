using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Takes flags back at once: everything, or one stage. The phase stays, marked; an incident is open.</summary>
internal static class RollbackOperation
{
    public static OperationDraft Prepare(OperationContext situation, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason) && !request.DryRun)
        {
            return OperationDraft.Refused(OperationResult.Invalid("A rollback needs a reason; a few words will do.", "rollout rollback --reason \"…\""));
        }

        if (request.Stage.Length == 0)
        {
            return WithPreview(Prepare(situation, [], request.Operator, request.Reason), situation, [], request);
        }

        return Enum.TryParse(request.Stage, ignoreCase: true, out Stage stage) && Enum.IsDefined(stage)
            ? WithPreview(Prepare(situation, [stage], request.Operator, request.Reason), situation, [stage], request)
            : OperationDraft.Refused(OperationResult.Invalid($"'{request.Stage}' is not a stage.", "rollout rollback --stage analysis|preparation, or without --stage for everything"));
    }

    // A rehearsal shows what a rollback writes, also where everything is off already.
    private static OperationDraft WithPreview(OperationDraft draft, OperationContext situation, IReadOnlyList<Stage> stages, OperatorRequest request) => draft.Edit is not null || !request.DryRun
        ? draft
        : draft with { Result = draft.Result with { Lines = [.. DesiredFlags.ForRollback(stages).Select(t => $"A rollback sets {t.Flag}: {t.Setting} (now {FlagSettingConverter.Read(situation.Flags, t.Flag)})")] } };

    /// <param name="stages">None for a full rollback.</param>
    public static OperationDraft Prepare(OperationContext situation, IReadOnlyList<Stage> stages, string by, string reason)
    {
        RollbackMark? earlier = situation.State.RolledBack;
        bool full = stages.Count == 0;
        if (earlier is not null && IsTakenBack(earlier, stages) && AreOff(situation, earlier.Kind == RollbackKind.Full ? [] : stages))
        {
            return OperationDraft.Nothing($"Already rolled back ({earlier.Title}) by {earlier.By} at {earlier.At:u}.", "Mend the cause, then rollout resume");
        }

        if (situation.KnownPhase is { Flags.UnifiedPipeline.Enabled: false } && AreOff(situation, []))
        {
            return OperationDraft.Nothing($"In phase '{situation.State.Phase}' the unified pipeline is off already.", "rollout status");
        }

        Stage[] all = full ? [] : [.. (earlier?.Stages ?? []).Union(stages)];
        IReadOnlyList<FlagTarget> targets = DesiredFlags.ForRollback(all);

        // What an earlier rollback took back stays back.
        IReadOnlyList<FlagTarget> kept = full && earlier is not null ? [.. earlier.Overlay.Where(e => targets.All(t => t.Flag != e.Flag))] : [];
        IReadOnlyList<FlagTarget> overlay = [.. targets, .. kept, .. Unwritten(situation, [.. targets, .. kept])];
        var edit = new RolloutEdit(situation.State, situation.Now);
        edit.BeginTransition(FlagTransition.Rollback, targets, situation.Flags, overwrite: true, by, reason);
        string title = full ? "Full rollback" : $"Partial rollback of {string.Join(" and ", all).ToLowerInvariant()}";
        edit.Audit(by, "rollback", reason, situation.State.Phase, title);
        string incident = earlier?.IncidentId is { } open && situation.State.Incidents.Any(i => i.Id == open && i.IsOpen)
            ? open
            : edit.OpenIncident($"{title} in phase {situation.State.Phase}", by, [$"Reason: {reason}"]);
        edit.State = edit.State with { RolledBack = new RollbackMark(full ? RollbackKind.Full : RollbackKind.Partial, all, overlay, by, reason, situation.Now, incident) };
        edit.AnnounceWhenDone(
            Topics.RollbackDone,
            $"{title} in phase {situation.State.Phase}",
            [$"By {by}: {reason}", .. targets.Select(t => $"{t.Flag}: {edit.State.Transition!.Before[t.Flag]} → {t.Setting}"), full ? "Every issue goes through the old logic; the old commands work." : "The other stage goes on."],
            incident);
        return OperationDraft.Change(edit, $"{title} in phase '{situation.State.Phase}': {reason}", $"incidents acknowledge {incident}; mend the cause; then rollout resume", $"Incident {incident} is open.");
    }

    // What a change that this one replaces had still to write stays unwritten until resume, as it stands: else it would look changed outside.
    private static IEnumerable<FlagTarget> Unwritten(OperationContext situation, IReadOnlyList<FlagTarget> targets) => situation.State.Transition is not { } replaced
        ? []
        : replaced.Targets
            .Where(t => targets.All(mine => mine.Flag != t.Flag))
            .Select(t => new FlagTarget(t.Flag, FlagSettingConverter.Read(situation.Flags, t.Flag)))
            .Where(t => t.Setting.ToString() == replaced.Before.GetValueOrDefault(t.Flag));

    private static bool IsTakenBack(RollbackMark earlier, IReadOnlyList<Stage> stages) =>
        earlier.Kind == RollbackKind.Full || (stages.Count > 0 && stages.All(earlier.Stages.Contains));

    // Somebody may have switched a flag on again outside: who asks for a rollback then gets one, whatever the records say.
    private static bool AreOff(OperationContext situation, IReadOnlyList<Stage> stages) =>
        DesiredFlags.ForRollback(stages).Where(t => !t.Setting.Enabled).All(t => !FlagSettingConverter.Read(situation.Flags, t.Flag).Enabled);
}
