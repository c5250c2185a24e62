using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Announces what is due: incident reminders, gate changes, unexplained differences, daily and weekly summaries.</summary>
public sealed class ScheduledAnnouncements(
    RolloutStateRepository states, RolloutControl control, IComparisonLog comparisons, MetricsReader metrics, TimeProvider time)
{
    private static readonly TimeSpan GateEvery = TimeSpan.FromMinutes(15);
    private DateTimeOffset _gateEvaluated = DateTimeOffset.MinValue;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Saved separately: a ledger that cannot be read must not keep an incident from being announced.
        Contact[] escalation = [.. states.Plan.Contacts.Where(c => c.Escalation is not null).OrderBy(c => c.Escalation)];
        await states.UpdateUntilSavedAsync(
            edit => IncidentFollowUps.Announce(edit, states.Plan.Incidents, escalation), cancellationToken);
        if (time.GetUtcNow() - _gateEvaluated >= GateEvery && await states.UpdateAsync(AnnounceAsync, cancellationToken) is not null)
        {
            _gateEvaluated = time.GetUtcNow();
        }
    }

    private async Task AnnounceAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        if (edit.State.Launched is { } launched)
        {
            await AnnounceGateAsync(edit, cancellationToken);
            await AnnounceDiscrepanciesAsync(edit, cancellationToken);
            await AnnounceProgressAsync(edit, launched, cancellationToken);
        }
    }

    private async Task AnnounceGateAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        IReadOnlyList<CriterionResult> gate = await control.GateAsync(edit.State, cancellationToken);
        string[] unmet = [.. gate.Where(c => c.State == CriterionState.Unmet).Select(c => c.Id)];
        CriterionResult[] news = [.. gate.Where(c => c.State == CriterionState.Unmet && !edit.State.AnnouncedUnmetCriteria.Contains(c.Id))];
        if (news.Length > 0)
        {
            edit.Announce(
                Topics.GateFailed,
                $"The gate of phase {edit.State.Phase} is not met",
                [.. news.Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})")]);
        }

        bool isMet = gate.Count > 0 && gate.All(c => c.State == CriterionState.Met);
        if (isMet && !edit.State.GateMetAnnounced)
        {
            edit.Announce(
                Topics.GateMet,
                $"The gate of phase {edit.State.Phase} is met",
                [.. gate.Select(c => $"{c.Sign} {c.Title}: {c.Value}"), "Next: rollout advance"]);
        }

        if (isMet != edit.State.GateMetAnnounced || !unmet.SequenceEqual(edit.State.AnnouncedUnmetCriteria))
        {
            edit.State = edit.State with { AnnouncedUnmetCriteria = unmet, GateMetAnnounced = isMet };
        }
    }

    // By issue, so that a new difference is announced also when another one was fixed meanwhile.
    private async Task AnnounceDiscrepanciesAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        ConsistencyReport report = ConsistencyReport.Create(await comparisons.QueryAsync(edit.State.EvidenceFrom, cancellationToken));
        string[] differ = [.. report.Issues.Where(i => i.IsUnexplained).Select(i => i.Issue).Order(StringComparer.Ordinal)];
        string[] news = [.. differ.Except(edit.State.AnnouncedDiscrepancies)];
        if (news.Length > 0)
        {
            string more = news.Length > 10 ? $" and {news.Length - 10} more" : string.Empty;
            edit.Announce(
                Topics.DiscrepancyFound,
                $"{differ.Length} issues with unexplained differences between old and new logic",
                [
                    $"New: {string.Join(", ", news.Take(10))}{more}.",
                    "To see each difference: compare. Fix bugs; add improvements to the accepted differences, with the reason.",
                ]);
        }

        if (!differ.SequenceEqual(edit.State.AnnouncedDiscrepancies))
        {
            edit.State = edit.State with { AnnouncedDiscrepancies = differ };
        }
    }

    private async Task AnnounceProgressAsync(RolloutEdit edit, DateTimeOffset launched, CancellationToken cancellationToken)
    {
        bool isUnderWay = states.Plan.After(edit.State.Phase) is not null;
        if (isUnderWay && edit.Now - (edit.State.DailyUpdateSentAt ?? launched) >= TimeSpan.FromDays(1))
        {
            IReadOnlyList<string> lines = await FiguresAsync(edit, TimeSpan.FromDays(1), cancellationToken);
            edit.Announce(Topics.DailyUpdate, $"Phase {edit.State.Phase}: the last day", lines);
            edit.State = edit.State with { DailyUpdateSentAt = edit.Now };
        }

        if (edit.Now - (edit.State.WeeklySummarySentAt ?? launched) >= TimeSpan.FromDays(7))
        {
            IReadOnlyList<string> lines = await FiguresAsync(edit, TimeSpan.FromDays(7), cancellationToken);
            edit.Announce(Topics.WeeklySummary, $"Phase {edit.State.Phase}: the last week", lines);
            edit.State = edit.State with { WeeklySummarySentAt = edit.Now };
        }
    }

    private async Task<IReadOnlyList<string>> FiguresAsync(RolloutEdit edit, TimeSpan span, CancellationToken cancellationToken) =>
        ProgressLines.Lines(await metrics.ReadAsync(span, cancellationToken), edit.State.Incidents.Count(i => i.IsOpen));
}
