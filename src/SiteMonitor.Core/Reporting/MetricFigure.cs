namespace SiteMonitor.Core.Reporting;

/// <summary>One figure, with its target if it has one.</summary>
public sealed record MetricFigure
{
    public const string Met = "met";
    public const string Missed = "missed";
    public const string NoData = "no-data";
    public const string Shown = "shown";

    /// <summary>Stable: <c>success-rate</c>.</summary>
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>Null without data.</summary>
    public double? Value { get; init; }

    /// <summary>Display text with the sample: <c>98.2 % (95.1 to 99.4 %), 164 of 167</c>.</summary>
    public required string Text { get; init; }

    /// <summary>Display text, such as <c>&lt; 30 s</c>; empty without a target.</summary>
    public string Target { get; init; } = string.Empty;

    /// <summary><c>met</c>, <c>missed</c>, <c>no-data</c>, or <c>shown</c> for a figure without a target.</summary>
    public required string Status { get; init; }

    /// <summary><c>ratio</c>, <c>seconds</c>, <c>dollars</c>; empty for counts.</summary>
    public string Unit { get; init; } = string.Empty;
}
