using System.Globalization;
using System.Text.RegularExpressions;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Fills the tables of the customer's plan from ledger, audit log, incidents and confirmations.</summary>
public sealed partial class ReportReader(MetricsReader metrics, RolloutStateRepository states, IRunLedger ledger, TimeProvider time)
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
                Row(summary, "error-rate"), Confirmed(state, "coverage", "Code coverage", "> 85 %")],
            Business = [Row(summary, "manual-interventions"), Confirmed(state, "satisfaction", "User satisfaction", "> 80 %"),
                Row(summary, "migration"), Row(summary, "uptime")],
            Project = [OnTime(state, phases), Confirmed(state, "on-budget", "On budget", "no overrun"), DataLoss(unified), Security(state),
                Confirmed(state, "team-satisfaction", "Team satisfaction", "> 80 %")],
            Further = [.. summary.Figures.Where(f => !InTables.Contains(f.Id)).Select(Row),
                await new CutoverSpeedup(states.Plan, ledger).RowAsync(phases, records, cancellationToken)],
            Phases = phases,
            Incidents = state.Incidents,
            OldCommands = summary.Commands,
            WentWell = lessons.WentWell(),
            CouldBeImproved = lessons.CouldBeImproved(),
            ActionItems = lessons.ActionItems(),
        };
    }

    private static ReportRow Row(MetricsSummary summary, string id) => Row(summary.Figures.Single(f => f.Id == id));

    private static ReportRow Row(MetricFigure figure) => new(figure.Title, figure.Target, figure.Text, figure.Status);

    /// <summary>Criteria that people confirm, with a name and a note. The first percentage in the note is judged by the target.</summary>
    private ReportRow Confirmed(RolloutState state, string criterion, string title, string target)
    {
        if (state.Confirmations.LastOrDefault(c => c.Criterion == criterion) is { } confirmation)
        {
            return new ReportRow(title, target,
                $"confirmed by {confirmation.By}{(confirmation.Note.Length > 0 ? $": {confirmation.Note}" : string.Empty)}",
                FindPercentage(confirmation.Note) <= FindPercentage(target) ? MetricFigure.Missed : MetricFigure.Met);
        }

        string? phase = states.Plan.Phases.FirstOrDefault(p => p.Gate.Any(c => c.Id == criterion))?.Name;
        string open = phase is null
            ? $"for people to say: a criterion '{criterion}' in the plan records it"
            : $"to be confirmed in phase {phase}: rollout confirm {criterion}";
        return new ReportRow(title, target, open, MetricFigure.NoData);
    }

    private static double? FindPercentage(string text) => Percentage().Match(text) is { Success: true } match
        ? double.Parse(match.Groups[1].Value.Replace(',', '.'), CultureInfo.InvariantCulture)
        : null;

    [GeneratedRegex(@"(?<![\d.,])(\d{1,3}(?:[.,]\d{1,9})?) ?%", RegexOptions.CultureInvariant)]
    private static partial Regex Percentage();

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
