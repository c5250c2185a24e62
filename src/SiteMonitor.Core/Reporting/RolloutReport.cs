using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>The customer's success metrics and lessons learned: the response of <c>GET report</c>.</summary>
public sealed record RolloutReport
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Start of the span of the figures (UTC).</summary>
    public required DateTimeOffset From { get; init; }

    public required string Phase { get; init; }

    public required IReadOnlyList<ReportRow> Technical { get; init; }

    public required IReadOnlyList<ReportRow> Business { get; init; }

    public required IReadOnlyList<ReportRow> Project { get; init; }

    /// <summary>All other figures.</summary>
    public required IReadOnlyList<ReportRow> Further { get; init; }

    /// <summary>From the audit log, oldest first.</summary>
    public required IReadOnlyList<PhaseSpan> Phases { get; init; }

    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>What people wrote into the report; lessons and tables have them too.</summary>
    public required IReadOnlyList<ReportNote> Notes { get; init; }

    /// <summary>The span in equal intervals, oldest first.</summary>
    public required IReadOnlyList<MetricPoint> Series { get; init; }

    /// <summary>Calls of old commands in the span, by command.</summary>
    public required IReadOnlyList<CommandFigures> OldCommands { get; init; }

    /// <summary>People's notes first, then what is drafted from the records.</summary>
    public required IReadOnlyList<string> WentWell { get; init; }

    public required IReadOnlyList<string> CouldBeImproved { get; init; }

    public required IReadOnlyList<string> ActionItems { get; init; }
}

/// <summary>A phase that was entered.</summary>
/// <param name="To">Null while it is on.</param>
/// <param name="Forced">Whether it was entered although the gate before it was not met.</param>
public sealed record PhaseSpan(string Phase, DateTimeOffset From, DateTimeOffset? To, string By, bool Forced);

/// <summary>One line of a success table.</summary>
/// <param name="Status"><c>met</c>, <c>missed</c>, <c>no-data</c>, or <c>shown</c> where there is no target.</param>
public sealed record ReportRow(string Metric, string Target, string Actual, string Status)
{
    public string Sign => Status switch
    {
        MetricFigure.Met => "✓",
        MetricFigure.Missed => "✗",
        MetricFigure.Shown => "–",
        _ => "…",
    };
}
