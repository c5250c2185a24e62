using SiteMonitor.Core.Incidents;

namespace SiteMonitor.Core.Reporting;

/// <summary>The customer's success metrics and lessons learned, filled in: the answer of <c>GET report</c>.</summary>
public sealed record RolloutReport
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Figures are over the records from here on (UTC).</summary>
    public required DateTimeOffset From { get; init; }

    public required string Phase { get; init; }

    public required IReadOnlyList<ReportRow> Technical { get; init; }

    public required IReadOnlyList<ReportRow> Business { get; init; }

    public required IReadOnlyList<ReportRow> Project { get; init; }

    /// <summary>Everything else that is measured.</summary>
    public required IReadOnlyList<ReportRow> Further { get; init; }

    /// <summary>From the audit log, oldest first.</summary>
    public required IReadOnlyList<PhaseSpan> Phases { get; init; }

    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>Calls of old commands in the span, by command.</summary>
    public required IReadOnlyList<CommandFigures> OldCommands { get; init; }

    /// <summary>Drafted from what happened; people add to them.</summary>
    public required IReadOnlyList<string> WentWell { get; init; }

    public required IReadOnlyList<string> CouldBeImproved { get; init; }

    public required IReadOnlyList<string> ActionItems { get; init; }
}
