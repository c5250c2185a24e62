using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Reporting;

/// <summary>Response of <c>GET metrics</c>: the success metrics, computed from the ledger's records of a span.</summary>
public sealed record MetricsSummary
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Start of the span (UTC); records count by their start.</summary>
    public required DateTimeOffset From { get; init; }

    public required string Phase { get; init; }

    /// <summary>
    /// Figures with their targets, over the runs that the new logic had a part in; success and error rate also count runs that failed
    /// before routing.
    /// </summary>
    public required IReadOnlyList<MetricFigure> Figures { get; init; }

    /// <summary>Runs of the span by outcome, both logics.</summary>
    public required IReadOnlyDictionary<string, int> Outcomes { get; init; }

    /// <summary>Runs of the span by route, without those that ended before routing.</summary>
    public required IReadOnlyDictionary<string, int> Routes { get; init; }

    public required IReadOnlyList<StageFigures> Stages { get; init; }

    public required UsageFigures Usage { get; init; }

    /// <summary>Failures by code, the most frequent first.</summary>
    public required IReadOnlyList<FailureFigures> Failures { get; init; }

    /// <summary>Calls of old commands, by command.</summary>
    public required IReadOnlyList<CommandFigures> Commands { get; init; }

    /// <summary>The span in equal intervals, oldest first, including those without runs.</summary>
    public required IReadOnlyList<MetricPoint> Series { get; init; }

    /// <summary>The unified pipeline compared with the legacy logic, over the span and over time.</summary>
    public required SideBySide Sides { get; init; }

    /// <summary>The newest runs, newest first.</summary>
    public required IReadOnlyList<RunSummary> Recent { get; init; }
}

/// <summary>Calls of one old command.</summary>
public sealed record CommandFigures(string Command, int Calls, DateTimeOffset Last);

/// <summary>Failed and critical runs with the same code, of either logic or before routing.</summary>
/// <param name="Code">Stable code of the failure; <c>none</c> where the record has none.</param>
/// <param name="Issue">One of the issues, the newest.</param>
public sealed record FailureFigures(string Code, int Runs, int Issues, string Issue);

/// <summary>Runs of both logics that started in one interval and had something to do.</summary>
/// <param name="From">Start of the piece (UTC).</param>
/// <param name="Errors">Failed and critical ones.</param>
/// <param name="Unified">Those the new logic had a part in.</param>
/// <param name="P50">Median duration of unified runs, seconds; null without data.</param>
/// <param name="P95">The same, 95th percentile.</param>
/// <param name="Commands">Calls of old commands.</param>
public sealed record MetricPoint(
    DateTimeOffset From, int Runs, int Errors, int Unified, double? P50, double? P95, decimal Dollars, int Commands);

/// <summary>Duration of a stage in seconds; null without data.</summary>
/// <param name="Stage"><c>analysis</c>, <c>preparation</c>, or <c>run</c> for the whole.</param>
/// <param name="Logic"><c>unified</c> or <c>legacy</c>.</param>
public sealed record StageFigures(string Stage, string Logic, int Count, double? Mean, double? P50, double? P95, double? P99, int Errors);

/// <summary>Total usage of the span's runs.</summary>
/// <param name="Total">Over all runs, completions too.</param>
/// <param name="Issues">Issues worked on.</param>
public sealed record UsageFigures(Usage Total, int Issues);
