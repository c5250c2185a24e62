using System.Globalization;
using System.Text;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Drafts a post-mortem: timeline from the audit log, figures from the ledger, the rest for people to write.</summary>
public sealed class PostMortem(RolloutStateRepository states, IRunLedger ledger, TimeProvider time)
{
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);
    private const int AuditEntries = 500;

    /// <summary>Drafts it in Markdown; null when there is no such incident.</summary>
    public async Task<string?> DraftAsync(string id, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        if (state.Incidents.FirstOrDefault(i => i.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is not { } incident)
        {
            return null;
        }

        DateTimeOffset from = incident.Opened - Before;
        DateTimeOffset to = incident.Resolved ?? time.GetUtcNow();
        IReadOnlyList<IRunFacts> runs = await ledger.ReadFactsAsync(
            new LedgerQuery(From: from, To: to, Kind: RunKind.Run), cancellationToken);
        IEnumerable<AuditEntry> audit =
            (await states.ReadAuditAsync(AuditEntries, cancellationToken)).Where(e => e.At >= from && e.At <= to);
        return Write(incident, [.. audit], runs, to);
    }

    private static string Write(Incident incident, IReadOnlyList<AuditEntry> audit, IReadOnlyList<IRunFacts> runs, DateTimeOffset to)
    {
        var failed = new RunStatistics(runs.Where(RunStatistics.IsUnified));
        var text = new StringBuilder();
        Line($"# Post-mortem {incident.Id}: {PlainMarkdown.Escape(incident.Title)}");
        Line($"");
        string acknowledged = $"acknowledged {incident.Acknowledged:u} by {PlainMarkdown.Escape(incident.AcknowledgedBy ?? "nobody")}";
        string resolved = $"resolved {incident.Resolved:u} by {PlainMarkdown.Escape(incident.ResolvedBy ?? "nobody")}";
        string opened = $"Opened {incident.Opened:u} by {PlainMarkdown.Escape(incident.OpenedBy)}";
        Line($"Phase {incident.Phase}. {opened}, {acknowledged}, {resolved}: {(to - incident.Opened).TotalMinutes:0} min.");
        Line($"");
        Line($"## Impact");
        Line($"");
        string impact = string.Create(CultureInfo.InvariantCulture,
            $"unified errors {failed.Errors}, {failed.FailedIssues} issues affected, {failed.TextLost} with lost text");
        Line($"From an hour before it was opened until its end: {runs.Count} runs, {impact}.");
        IEnumerable<IRunFacts> errors = new RunStatistics(runs.Where(RunStatistics.CountsForRates)).Counted.Where(RunStatistics.IsError);
        foreach (IGrouping<string, IRunFacts> code in errors.GroupBy(r => r.ReasonCode).OrderByDescending(g => g.Count()))
        {
            Line($"- {(code.Key.Length == 0 ? "no code" : code.Key)}: {code.Count()} runs, for example {code.First().Issue}");
        }

        Line($"");
        Line($"## Timeline (UTC)");
        Line($"");
        foreach (AuditEntry entry in audit)
        {
            string change = entry.Before.Length + entry.After.Length == 0 ? string.Empty : $" ({entry.Before} → {entry.After})";
            string what = PlainMarkdown.Escape($"{entry.Who}: {entry.What}{change} {entry.Reason}");
            Line($"- {entry.At:yyyy-MM-dd HH:mm:ss} {what}");
        }

        Line($"");
        foreach (string heading in (string[])["Root cause", "What went well", "What could be improved"])
        {
            Line($"## {heading}");
            Line($"");
            Line($"_To be written._");
            Line($"");
        }

        Line($"## Follow-ups");
        Line($"");
        Line($"- [ ] A test that would have caught it");
        Line($"- [ ] Preventive measure");
        Line($"- [ ] Tell those affected what changes");
        Line($"");
        Line($"When they are done: incidents update {incident.Id} --reason \"where the post-mortem is\"");
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture).TrimEnd()).Append('\n');
    }
}
