using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Reporting;

/// <summary>Answer of <c>GET metrics</c>: everything PRODUCT 7 lists, from the ledger's records of one span.</summary>
public sealed record MetricsSummary
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Records from here on (UTC, by their start).</summary>
    public required DateTimeOffset From { get; init; }

    public required string Phase { get; init; }

    /// <summary>
    /// With their targets; those about runs are over the runs the new logic had a part in, as the gates have them; success and error rate
    /// count those too that failed before the flags were asked.
    /// </summary>
    public required IReadOnlyList<MetricFigure> Figures { get; init; }

    /// <summary>Runs of the span by outcome, both logics.</summary>
    public required IReadOnlyDictionary<string, int> Outcomes { get; init; }

    /// <summary>Runs of the span by route; those that ended before the flags were asked are not in it.</summary>
    public required IReadOnlyDictionary<string, int> Routes { get; init; }

    public required IReadOnlyList<StageFigures> Stages { get; init; }

    public required UsageFigures Usage { get; init; }

    /// <summary>Why runs failed, the most frequent code first.</summary>
    public required IReadOnlyList<FailureFigures> Failures { get; init; }

    /// <summary>Calls of old commands, by command.</summary>
    public required IReadOnlyList<CommandFigures> Commands { get; init; }

    /// <summary>The span in equal pieces, oldest first; pieces without a run are there too.</summary>
    public required IReadOnlyList<MetricPoint> Series { get; init; }

    /// <summary>The unified pipeline against the legacy logic, over the span and over time.</summary>
    public required SideBySide Sides { get; init; }

    /// <summary>The newest runs, newest first.</summary>
    public required IReadOnlyList<RunSummary> Recent { get; init; }
}

/// <summary>Calls of one old command.</summary>
public sealed record CommandFigures(string Command, int Calls, DateTimeOffset Last);

/// <summary>Failed and critical runs with the same code, of both logics and of neither.</summary>
/// <param name="Code">Stable code of the failure; <c>none</c> where the record has none.</param>
/// <param name="Issue">One of the issues, the newest.</param>
public sealed record FailureFigures(string Code, int Runs, int Issues, string Issue);

/// <summary>The runs that started in one piece of time, both logics, those with nothing to do left out.</summary>
/// <param name="From">Start of the piece (UTC).</param>
/// <param name="Errors">Failed and critical ones.</param>
/// <param name="Unified">Those the new logic had a part in.</param>
/// <param name="P50">Median duration of unified runs, seconds; null without data.</param>
/// <param name="P95">The same, 95th percentile.</param>
/// <param name="Commands">Calls of old commands.</param>
public sealed record MetricPoint(
    DateTimeOffset From, int Runs, int Errors, int Unified, double? P50, double? P95, decimal Dollars, int Commands);

/// <summary>How long a stage takes, in seconds; null without data.</summary>
/// <param name="Stage"><c>analysis</c>, <c>preparation</c>, or <c>run</c> for the whole.</param>
/// <param name="Logic"><c>unified</c> or <c>legacy</c>.</param>
public sealed record StageFigures(string Stage, string Logic, int Count, double? Mean, double? P50, double? P95, double? P99, int Errors);

/// <summary>What the runs of the span spent.</summary>
/// <param name="Total">Over all runs, completions too.</param>
/// <param name="Issues">Issues worked on.</param>
public sealed record UsageFigures(Usage Total, int Issues);
