using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Core.Reporting;

/// <summary>Answer of <c>GET metrics</c>: everything PRODUCT 7 lists, from the ledger's records of one span.</summary>
public sealed record MetricsSummary
{
    public required DateTimeOffset At { get; init; }

    /// <summary>Records from here on (UTC, by their start).</summary>
    public required DateTimeOffset From { get; init; }

    public required string Phase { get; init; }

    /// <summary>With their targets; those about runs are over the runs the new logic had a part in, as the gates have them; success and error rate count those too that failed before the flags were asked.</summary>
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

    /// <summary>The newest runs, newest first.</summary>
    public required IReadOnlyList<RunSummary> Recent { get; init; }
}
