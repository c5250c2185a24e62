using System.Globalization;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Fills the tables of the customer's plan from ledger, audit log, incidents and confirmations.</summary>
public sealed class ReportReader(MetricsReader metrics, RolloutStateRepository states, IRunLedger ledger, TimeProvider time)
{
    private const int AuditEntries = 5000;
    private static readonly string[] InTables = ["success-rate", "mean-duration", "cost-per-issue", "error-rate", "manual-interventions",
        "migration", "uptime"];

    /// <param name="span">How far back the figures go.</param>
    public async Task<RolloutReport> ReadAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        MetricsSummary summary = await metrics.ReadAsync(span, cancellationToken);
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        IReadOnlyList<AuditEntry> audit = await states.ReadAuditAsync(AuditEntries, cancellationToken);
        IReadOnlyList<IRunFacts> records = await ledger.ReadFactsAsync(new LedgerQuery(From: summary.From), cancellationToken);
        RunStatistics unified = new(records.Where(RunStatistics.IsUnified));
        List<PhaseSpan> phases = PhasesOf(audit, state);
        LessonsLearned lessons = new(states.Plan, state, audit, summary);
        return new RolloutReport
        {
            At = summary.At,
            From = summary.From,
            Phase = state.Phase,
            Technical = [Row(summary, "success-rate"), Row(summary, "mean-duration"), Row(summary, "cost-per-issue"),
                Row(summary, "error-rate"), ManualMetric.Coverage.CreateRow(state, states.Plan)],
            Business = [Row(summary, "manual-interventions"), ManualMetric.Satisfaction.CreateRow(state, states.Plan),
                Row(summary, "migration"), Row(summary, "uptime")],
            Project = [OnTime(state, phases), ManualMetric.OnBudget.CreateRow(state, states.Plan), DataLoss(unified), Security(state),
                ManualMetric.TeamSatisfaction.CreateRow(state, states.Plan)],
            Further = [.. summary.Figures.Where(f => !InTables.Contains(f.Id)).Select(Row),
                await new CutoverSpeedup(states.Plan, ledger).RowAsync(phases, records, cancellationToken)],
            Phases = phases,
            Incidents = state.Incidents,
            Notes = state.ReportNotes,
            Series = summary.Series,
            OldCommands = summary.Commands,
            WentWell = [.. Notes(state, ReportNotes.Well), .. lessons.WentWell()],
            CouldBeImproved = [.. Notes(state, ReportNotes.Improve), .. lessons.CouldBeImproved()],
            ActionItems = [.. Notes(state, ReportNotes.Action), .. lessons.ActionItems()],
        };
    }

    private static IEnumerable<string> Notes(RolloutState state, string about) => state.ReportNotes.Where(n => n.About == about)
        .Select(n => Text($"{n.Text} ({n.Id}, {n.By}, {n.At.UtcDateTime:yyyy-MM-dd})"));

    private static ReportRow Row(MetricsSummary summary, string id) => Row(summary.Figures.Single(f => f.Id == id));

    private static ReportRow Row(MetricFigure figure) => new(figure.Title, figure.Target, figure.Text, figure.Status);

    private ReportRow OnTime(RolloutState state, List<PhaseSpan> phases)
    {
        string target = Text($"within {states.Plan.PlannedWeeks} weeks");
        DateTimeOffset began = state.Began ?? phases[0].From;
        bool finished = state.Phase == states.Plan.Phases[^1].Name;
        double weeks = ((finished ? state.PhaseSince : time.GetUtcNow()) - began).TotalDays / 7;
        return new ReportRow(
            "On-time delivery",
            target,
            Text($"{weeks:0.0} weeks {(finished ? "from the first phase to the last" : "since the first phase, in phase " + state.Phase)}"),
            weeks > states.Plan.PlannedWeeks ? MetricFigure.Missed : finished ? MetricFigure.Met : MetricFigure.NoData);
    }

    private static ReportRow DataLoss(RunStatistics unified) => new(
        "Zero data loss", "0", Text($"{unified.TextLost} issues with lost text, of {unified.Counted.Count} runs"),
        unified.TextLost > 0 ? MetricFigure.Missed : unified.Counted.Count == 0 ? MetricFigure.NoData : MetricFigure.Met);

    private static ReportRow Security(RolloutState state)
    {
        int count = state.Incidents.Count(i => i.IsSecurity);
        return new ReportRow(
            "Zero security incidents",
            "0",
            Text($"{count} incidents opened as security incidents"),
            count > 0 ? MetricFigure.Missed : MetricFigure.Met);
    }

    /// <summary>Phase changes are audited as <c>begin</c>, <c>advance</c> and <c>back</c>, with the phase that was entered.</summary>
    private static List<PhaseSpan> PhasesOf(IReadOnlyList<AuditEntry> audit, RolloutState state)
    {
        List<PhaseSpan> spans = [];
        foreach (AuditEntry entry in audit.Where(e => e.What is "begin" or "advance" or "back" && e.After.Length > 0))
        {
            if (spans.Count > 0)
            {
                spans[^1] = spans[^1] with { To = entry.At };
            }

            spans.Add(
                new PhaseSpan(entry.After, entry.At, null, entry.Who, entry.Reason.Contains("forced", StringComparison.OrdinalIgnoreCase)));
        }

        return spans.Count > 0 ? spans : [new PhaseSpan(state.Phase, state.PhaseSince, null, "system", false)];
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
