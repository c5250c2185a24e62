using System.Globalization;
using SiteMonitor.Core.Announcements;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Incidents;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Control;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Core.Rollout.Statistics;

namespace SiteMonitor.Core.Rollout.Guarding;

/// <summary>What nobody should have to remember: escalating and reminding of incidents, saying that a gate fails or outputs differ, the daily and the weekly word.</summary>
public sealed class FollowUps(RolloutStates states, RolloutControl control, IComparisonLog comparisons, IRunLedger ledger, TimeProvider time)
{
    private static readonly TimeSpan GateEvery = TimeSpan.FromMinutes(15);
    private DateTimeOffset _gateJudged = DateTimeOffset.MinValue;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await states.ReadAsync(cancellationToken);
        var edit = new RolloutEdit(stored.State, time.GetUtcNow());
        Escalate(edit, states.Plan);
        if (edit.Now - _gateJudged >= GateEvery && stored.State.Launched is not null)
        {
            await TellFindingsAsync(edit, cancellationToken);
            await TellProgressAsync(edit, cancellationToken);
            _gateJudged = edit.Now;
        }

        // When somebody else saved first, the next round does it.
        if (!edit.IsEmpty)
        {
            await states.SaveAsync(edit, stored.Version, cancellationToken);
        }
    }

    private static void Escalate(RolloutEdit edit, RolloutPlan plan)
    {
        Contact[] chain = [.. plan.Contacts.Where(c => c.Escalation is not null).OrderBy(c => c.Escalation)];
        foreach (Incident incident in edit.State.Incidents.Where(i => i.IsOpen))
        {
            TimeSpan waiting = edit.Now - incident.Opened;
            if (incident.Acknowledged is null && waiting >= TimeSpan.FromMinutes(plan.Incidents.AcknowledgeWithinMinutes * incident.Escalated) && incident.Escalated < chain.Length)
            {
                Contact next = chain[incident.Escalated];
                edit.Change(incident with { Escalated = incident.Escalated + 1, LastTold = edit.Now });
                edit.Audit(GuardRound.Name, "incident-escalated", $"nobody acknowledged within {waiting.TotalMinutes:0} min", after: $"{incident.Id} → {next.Name}");
                edit.Announce(Topics.IncidentUpdated, $"{incident.Id} is not acknowledged after {waiting.TotalMinutes:0} min", [incident.Title, $"{next.Name}: incidents acknowledge {incident.Id}"], incident.Id, next.Name);
            }
            else if (edit.Now - incident.LastTold >= TimeSpan.FromMinutes(plan.Incidents.RemindEveryMinutes))
            {
                edit.Change(incident with { LastTold = edit.Now });
                edit.Announce(Topics.IncidentUpdated, $"{incident.Id} is still open after {waiting.TotalMinutes:0} min", [incident.Title, incident.Notes.Count > 0 ? incident.Notes[^1].Text : "No update yet."], incident.Id);
            }
        }
    }

    private async Task TellFindingsAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        IReadOnlyList<CriterionResult> gate = await control.GateAsync(edit.State, cancellationToken);
        string[] unmet = [.. gate.Where(c => c.State == CriterionState.Unmet).Select(c => c.Id)];
        CriterionResult[] news = [.. gate.Where(c => c.State == CriterionState.Unmet && !edit.State.UnmetTold.Contains(c.Id))];
        if (news.Length > 0)
        {
            edit.Announce(Topics.GateFailed, $"The gate of phase {edit.State.Phase} is not met", [.. news.Select(c => $"{c.Sign} {c.Title}: {c.Value} (target {c.Target})")]);
        }

        if (!unmet.SequenceEqual(edit.State.UnmetTold))
        {
            edit.State = edit.State with { UnmetTold = unmet };
        }

        ConsistencyReport count = ConsistencyReport.Of(await comparisons.QueryAsync(edit.State.EvidenceFrom, cancellationToken));
        if (count.Unexplained > edit.State.DiscrepanciesTold)
        {
            edit.Announce(Topics.DiscrepancyFound, $"{count.Unexplained} issues with unexplained differences between old and new logic", ["Each with field and both values: compare. A correct improvement goes into the accepted differences, with its reason; a bug is mended."]);
            edit.State = edit.State with { DiscrepanciesTold = count.Unexplained };
        }
    }

    private async Task TellProgressAsync(RolloutEdit edit, CancellationToken cancellationToken)
    {
        bool underWay = states.Plan.After(edit.State.Phase) is not null;
        DateTimeOffset daily = edit.State.DailyTold ?? edit.State.Launched!.Value;
        if (underWay && edit.Now - daily >= TimeSpan.FromDays(1))
        {
            edit.Announce(Topics.DailyUpdate, $"Phase {edit.State.Phase}: the last day", await FiguresAsync(edit, TimeSpan.FromDays(1), cancellationToken));
            edit.State = edit.State with { DailyTold = edit.Now };
        }

        DateTimeOffset weekly = edit.State.WeeklyTold ?? edit.State.Launched!.Value;
        if (edit.Now - weekly >= TimeSpan.FromDays(7))
        {
            edit.Announce(Topics.WeeklySummary, $"Phase {edit.State.Phase}: the last week", await FiguresAsync(edit, TimeSpan.FromDays(7), cancellationToken));
            edit.State = edit.State with { WeeklyTold = edit.Now };
        }
    }

    private async Task<IReadOnlyList<string>> FiguresAsync(RolloutEdit edit, TimeSpan span, CancellationToken cancellationToken)
    {
        List<RunRecord> runs = [];
        await foreach (RunRecord run in ledger.QueryAsync(new LedgerQuery(From: edit.Now - span, Kind: RunKind.Run), cancellationToken))
        {
            runs.Add(run);
        }

        var all = new RunFigures(runs);
        decimal dollars = runs.Sum(r => r.Usage.Dollars);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"{all.Counted.Count} runs, {all.Counted.Count(RunFigures.IsUnified)} of them unified; errors {all.Errors}."),
            all.Durations.Mean is { } mean ? string.Create(CultureInfo.InvariantCulture, $"Mean {mean:0.#} s, p95 {all.Durations.Percentile(0.95):0.#} s, ${dollars:0.00}.") : "No finished run.",
            $"Open incidents: {edit.State.Incidents.Count(i => i.IsOpen)}.",
        ];
    }
}
