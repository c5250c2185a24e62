using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Incidents;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>What nobody should have to remember: escalating and reminding of incidents, saying that a gate fails or outputs differ, the daily and the weekly word.</summary>
public sealed class ScheduledAnnouncements(RolloutStates states, RolloutControl control, IComparisonLog comparisons, MetricsReader metrics, TimeProvider time)
{
    private static readonly TimeSpan GateEvery = TimeSpan.FromMinutes(15);
    private DateTimeOffset _gateJudged = DateTimeOffset.MinValue;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // Saved by themselves: a ledger that cannot be read keeps no incident from being told.
        await SaveAsync((edit, _) =>
        {
            IncidentFollowUps.Announce(edit, states.Plan.Incidents, [.. states.Plan.Contacts.Where(c => c.Escalation is not null).OrderBy(c => c.Escalation)]);
            return Task.CompletedTask;
        }, cancellationToken);
        if (time.GetUtcNow() - _gateJudged >= GateEvery && await SaveAsync(TellAsync, cancellationToken))
        {
            _gateJudged = time.GetUtcNow();
        }
    }

    /// <returns>False when somebody else saved first; the next round does it then.</returns>
    private async Task<bool> SaveAsync(Func<RolloutEdit, CancellationToken, Task> drawUp, CancellationToken cancellationToken)
    {
        StoredState stored = await states.ReadAsync(cancellationToken);
        var edit = new RolloutEdit(stored.State, time.GetUtcNow());
        await drawUp(edit, cancellationToken);
        return edit.IsEmpty || await states.SaveAsync(edit, stored.Version, cancellationToken) is not null;
    }

    private async Task TellAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        if (edit.State.Launched is { } launched)
        {
            await TellGateAsync(edit, cancellationToken);
            await TellDiscrepanciesAsync(edit, cancellationToken);
            await TellProgressAsync(edit, launched, cancellationToken);
        }
    }

    private async Task TellGateAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        IReadOnlyList<CriterionResult> gate = await control.GateAsync(edit.State, cancellationToken);
        string[] unmet = [.. gate.Where(c => c.State == CriterionState.Unmet).Select(c => c.Id)];
        CriterionResult[] news = [.. gate.Where(c => c.State == CriterionState.Unmet && !edit.State.AnnouncedUnmetCriteria.Contains(c.Id))];
        if (news.Length > 0)
        {
            edit.Announce(Topics.GateFailed, $"The gate of phase {edit.State.Phase} is not met", [.. news.Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})")]);
        }

        if (!unmet.SequenceEqual(edit.State.AnnouncedUnmetCriteria))
        {
            edit.State = edit.State with { AnnouncedUnmetCriteria = unmet };
        }
    }

    // By issue, so that one that differs anew is told also when another was mended meanwhile.
    private async Task TellDiscrepanciesAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        ConsistencyReport count = ConsistencyReport.Create(await comparisons.QueryAsync(edit.State.EvidenceFrom, cancellationToken));
        string[] differ = [.. count.Issues.Where(i => i.IsUnexplained).Select(i => i.Issue).Order(StringComparer.Ordinal)];
        string[] news = [.. differ.Except(edit.State.AnnouncedDiscrepancies)];
        if (news.Length > 0)
        {
            edit.Announce(
                Topics.DiscrepancyFound,
                $"{differ.Length} issues with unexplained differences between old and new logic",
                [$"New: {string.Join(", ", news.Take(10))}{(news.Length > 10 ? $" and {news.Length - 10} more" : string.Empty)}.", "Each with field and both values: compare. A correct improvement goes into the accepted differences, with its reason; a bug is mended."]);
        }

        if (!differ.SequenceEqual(edit.State.AnnouncedDiscrepancies))
        {
            edit.State = edit.State with { AnnouncedDiscrepancies = differ };
        }
    }

    private async Task TellProgressAsync(RolloutEdit edit, DateTimeOffset launched, CancellationToken cancellationToken)
    {
        bool underWay = states.Plan.After(edit.State.Phase) is not null;
        if (underWay && edit.Now - (edit.State.DailyUpdateSentAt ?? launched) >= TimeSpan.FromDays(1))
        {
            edit.Announce(Topics.DailyUpdate, $"Phase {edit.State.Phase}: the last day", await FiguresAsync(edit, TimeSpan.FromDays(1), cancellationToken));
            edit.State = edit.State with { DailyUpdateSentAt = edit.Now };
        }

        if (edit.Now - (edit.State.WeeklySummarySentAt ?? launched) >= TimeSpan.FromDays(7))
        {
            edit.Announce(Topics.WeeklySummary, $"Phase {edit.State.Phase}: the last week", await FiguresAsync(edit, TimeSpan.FromDays(7), cancellationToken));
            edit.State = edit.State with { WeeklySummarySentAt = edit.Now };
        }
    }

    private async Task<IReadOnlyList<string>> FiguresAsync(RolloutEdit edit, TimeSpan span, CancellationToken cancellationToken) =>
        ProgressLines.Lines(await metrics.ReadAsync(span, cancellationToken), edit.State.Incidents.Count(i => i.IsOpen));
}
