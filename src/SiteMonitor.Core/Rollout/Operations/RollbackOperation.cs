using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>
/// Takes flags back at once: everything, or one stage. The phase stays, marked as rolled back; an incident is open. Also records no-go
/// decisions, which include a rollback.
/// </summary>
internal static class RollbackOperation
{
    public static OperationResult Prepare(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        // A dry run needs no reason.
        if (!request.DryRun && string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.WithoutReason("rollback");
        }

        Stage[] stages = [.. Enum.GetValues<Stage>().Where(s => s.ToString().Equals(request.Stage, StringComparison.OrdinalIgnoreCase))];
        if (request.Stage.Length > 0 && stages.Length == 0)
        {
            return OperationResult.Invalid(
                $"'{request.Stage}' is not a stage.",
                "rollout rollback --stage analysis|preparation, or without --stage for everything");
        }

        OperationResult result = PrepareRollback(context, stages, request.Operator, request.Reason, edit);
        return result.Code == OperationResult.NothingToDoCode && request.DryRun
            ? result with { Lines = [.. Preview(context, stages)] }
            : result;
    }

    /// <param name="stages">None for a full rollback.</param>
    public static OperationResult PrepareRollback(
        OperationContext context, IReadOnlyList<Stage> stages, string by, string reason, RolloutEdit edit)
    {
        RollbackState? earlier = context.State.RolledBack;

        // A full rollback that someone undid outside in part is made whole again; one of a stage must not replace it.
        bool isFull = stages.Count == 0 || earlier?.Kind == RollbackKind.Full;
        if (earlier is not null && IsTakenBack(earlier, stages) && AreOff(context, earlier.Kind == RollbackKind.Full ? [] : stages))
        {
            return OperationResult.Nothing(
                $"Already rolled back ({earlier.Title}) by {earlier.By} at {earlier.At:u}.", "Fix the cause, then rollout resume");
        }

        if (context.KnownPhase is { Flags.UnifiedPipeline.Enabled: false } && AreOff(context, []))
        {
            return OperationResult.Nothing($"In phase '{context.State.Phase}' the unified pipeline is off already.", "rollout status");
        }

        Stage[] all = isFull ? [] : [.. (earlier?.Stages ?? []).Union(stages)];
        IReadOnlyList<FlagTarget> targets = DesiredFlags.ForRollback(all);

        // Settings of an earlier partial rollback stay in effect.
        IReadOnlyList<FlagTarget> kept =
            isFull && earlier is not null ? [.. earlier.Overlay.Where(e => targets.All(t => t.Flag != e.Flag))] : [];
        IReadOnlyList<FlagTarget> overlay = [.. targets, .. kept, .. FindUnwritten(context, [.. targets, .. kept])];
        edit.BeginTransition(FlagTransition.Rollback, targets, context.Flags, overwrite: true, by, reason);
        string title = isFull ? "Full rollback" : $"Partial rollback of {string.Join(" and ", all).ToLowerInvariant()}";
        string titleWithPhase = $"{title} in phase {context.State.Phase}";
        edit.Audit(by, FlagTransition.Rollback, reason, context.State.Phase, title);
        Incident incident = OpenOrRenameIncident(edit, titleWithPhase, by, reason);
        RollbackKind kind = isFull ? RollbackKind.Full : RollbackKind.Partial;
        edit.State = edit.State with { RolledBack = new RollbackState(kind, all, overlay, by, reason, edit.Now, incident.Id) };
        edit.AnnounceWhenDone(Topics.RollbackDone, titleWithPhase,
            [
                $"By {by}: {reason}",
                .. targets.Select(t => $"{t.Flag}: {edit.State.Transition!.Before[t.Flag]} → {t.Setting}"),
                isFull ? "Every issue goes through the old logic; the old commands work." : "The other stage keeps running.",
            ],
            incident.Id);
        string acknowledged = incident.Acknowledged is null ? string.Empty : $", acknowledged by {incident.AcknowledgedBy}";
        return OperationResult.Planned(
            $"{title} in phase '{context.State.Phase}': {reason}",
            IsPerson(by)
                ? "Fix the cause, then rollout resume"
                : $"incidents acknowledge {incident.Id}; fix the cause; then rollout resume",
            $"Incident: {incident.Id}{acknowledged}");
    }

    /// <summary>
    /// Records a no-go decision: rolls the flags back unless that is done already, opens an incident with the unmet criteria,
    /// announces it, and withdraws the phase's confirmations.
    /// </summary>
    public static OperationResult PrepareNoGo(OperationContext context, OperatorRequest request, RolloutEdit edit)
    {
        string reason = $"no-go: {request.Reason}";
        OperationResult rollback = PrepareRollback(context, [], request.Operator, reason, edit);
        string[] unmet = [.. context.Unmet.Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})")];
        string incident = edit.ReportIncident(
            edit.State.FindRollbackIncident(), $"No-go in phase {context.State.Phase}", request.Operator,
            [reason, .. unmet.Length == 0 ? ["Every criterion of the gate was met."] : unmet]);
        edit.Audit(request.Operator, "no-go", request.Reason, context.State.Phase, incident);

        // What people confirmed before the no-go has to be confirmed again after the fix.
        Confirmations.Reopen(edit, request.Operator, reason);
        return OperationResult.Planned(
            $"No-go in phase '{context.State.Phase}': {request.Reason}",
            "Analyse the failures and plan the fix in the incident; then rollout resume",
            rollback.Title, $"Incident: {incident}") with { Criteria = context.Criteria };
    }

    /// <summary>Opens the rollback's incident or renames the open one. An operator's rollback also acknowledges it.</summary>
    private static Incident OpenOrRenameIncident(RolloutEdit edit, string title, string by, string reason)
    {
        string id = edit.State.FindRollbackIncident()?.Id ?? edit.OpenIncident(title, by, [$"Reason: {reason}"]);
        Incident incident = edit.State.Incidents.Single(i => i.Id == id);
        Incident named = IsPerson(by) && incident.Acknowledged is null
            ? incident with { Title = title, Acknowledged = edit.Now, AcknowledgedBy = by }
            : incident with { Title = title };
        edit.ReplaceIncident(named);
        return named;
    }

    private static bool IsPerson(string by) => by is not (AuditEntry.Guard or AuditEntry.Outside or AuditEntry.System);

    // A dry run shows what a rollback writes, also where everything is off already.
    private static IEnumerable<string> Preview(OperationContext context, IReadOnlyList<Stage> stages) =>
        DesiredFlags.ForRollback(stages)
            .Select(t => $"A rollback sets {t.Flag}: {t.Setting} (now {context.Flags.GetSetting(t.Flag)})");

    // Flags that the replaced change had still to write stay as they are until resume: otherwise they would look changed outside.
    private static IEnumerable<FlagTarget> FindUnwritten(OperationContext context, IReadOnlyList<FlagTarget> targets) =>
        context.State.Transition is not { } replaced
            ? []
            : replaced.Targets
                .Where(t => targets.All(own => own.Flag != t.Flag))
                .Select(t => new FlagTarget(t.Flag, context.Flags.GetSetting(t.Flag)))
                .Where(t => t.Setting.ToString() == replaced.Before.GetValueOrDefault(t.Flag));

    private static bool IsTakenBack(RollbackState earlier, IReadOnlyList<Stage> stages) =>
        earlier.Kind == RollbackKind.Full || (stages.Count > 0 && stages.All(earlier.Stages.Contains));

    // Someone may have switched a flag on again outside the rollout. Then roll back, even if the state says it is rolled back.
    private static bool AreOff(OperationContext context, IReadOnlyList<Stage> stages) =>
        DesiredFlags.ForRollback(stages)
            .Where(t => !t.Setting.Enabled)
            .All(t => !context.Flags.GetSetting(t.Flag).Enabled);
}
