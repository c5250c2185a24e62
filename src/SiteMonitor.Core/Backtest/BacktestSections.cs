using System.Globalization;
using SiteMonitor.Core.Html;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Backtest;

/// <summary>A section of the report: sentences, a table and a chart.</summary>
/// <param name="Lines">Sentences above the table.</param>
/// <param name="Headings">Column headings of the table; empty when the section has no table.</param>
/// <param name="Rows">Cells of the table, as plain text.</param>
/// <param name="Chart">Null when there is nothing to plot.</param>
internal sealed record BacktestSection(
    string Title,
    IReadOnlyList<string> Lines,
    IReadOnlyList<string> Headings,
    IReadOnlyList<IReadOnlyList<string>> Rows,
    SvgChart? Chart = null);

/// <summary>Divides a backtest into the sections that every format shows.</summary>
internal static class BacktestSections
{
    private const int MaxWrong = 30;

    public static IReadOnlyList<BacktestSection> Create(BacktestReport report) =>
    [
        CreateSides("Both sides", report),
        .. report.BuiltIn.Count > 0
            ? [CreateSides(
                $"Built-in set, because fewer than {Number(BacktestReport.EnoughOwnIssues)} own issues can be judged",
                new BacktestReport("the built-in set", report.BuiltIn, []))]
            : Array.Empty<BacktestSection>(),
        CreateThresholds(report),
        CreateCalibration(report),
        new("Specialists", [], ["Specialist", "Precision", "Recall"],
            [.. report.Specialists.Select(s => new[] { s.Label, s.Precision.ToString(), s.Recall.ToString() })]),
        CreateConfusion("Unified: people's answer against its choice", report.UnifiedConfusion),
        CreateConfusion("Legacy: people's answer against its choice", report.LegacyConfusion),
        CreateWrong(report),
        .. SimulatedRolloutSections.Create(report),
        new("Not decided", [], ["Issue", "Reason"], [.. report.Problems.Select(p => new[] { $"#{Number(p.Number)}", p.Reason })]),
    ];

    private static BacktestSection CreateSides(string title, BacktestReport report) => new(
        title,
        [
            FormattableString.Invariant(
                $"{report.Rows.Count} issues as they were opened; people's answer is known for {report.JudgedCount}. Nothing was written."),
            $"Gate of development: {report.DescribeGate()}.",
            "If both sides were equally good, a difference at least this large had probability " +
                $"{Number(report.PValue, "0.0000")} (McNemar's exact test).",
            FormattableString.Invariant(
                $"The legacy rules match nothing on {report.UnmatchedByLegacy} of {report.Rows.Count} issues."),
            FormattableString.Invariant(
                $"Model: {report.ModelCalls} calls, {report.Tokens} tokens, ${report.Dollars:0.0000}; {DescribeDuration(report)}."),
        ],
        ["", "Unified", "Legacy"],
        [
            ["Agreement with people", report.Unified.Agreement.ToString(), report.Legacy.Agreement.ToString()],
            ["Accuracy of what it assigns", report.Unified.Accuracy.ToString(), report.Legacy.Accuracy.ToString()],
            ["Left to a person, or unmatched", report.Unified.HandOver.ToString(), report.Legacy.HandOver.ToString()],
        ]);

    private static BacktestSection CreateThresholds(BacktestReport report) => new(
        "Thresholds: from which score a specialist is assigned",
        [],
        ["Threshold", "Accuracy", "Hand-over", "Agreement"],
        [
            .. report.Thresholds.Select(t => new[]
            {
                Number(t.Threshold), t.Result.Accuracy.ToString(), t.Result.HandOver.ToString(), t.Result.Agreement.ToString(),
            }),
        ],
        new SvgChart(
            "Accuracy (line) and hand-over (dotted) by threshold, from 0.5 to 1.",
            [Line("p50", report, t => t.Result.Accuracy), Line("p95", report, t => t.Result.HandOver)],
            "100 %", "0.5", "1"));

    private static ChartSeries Line(string style, BacktestReport report, Func<ThresholdResult, Proportion> share) => new(
        style,
        [
            .. report.Thresholds.Where(t => share(t).Of > 0)
                .Select(t => new ChartPoint((t.Threshold - 0.5) * 2, share(t).Share!.Value)),
        ],
        HasDots: true);

    private static BacktestSection CreateCalibration(BacktestReport report) => new(
        "Calibration: how often the model was right at each confidence",
        [],
        ["Confidence", "Mean", "Right"],
        [
            .. report.Calibration.Select(b => new[]
            {
                $"{Number(b.From)} to {Number(b.From + 0.1)}", Number(b.Confidence), b.Right.ToString(),
            }),
        ],
        report.Calibration.Count == 0 ? null : new SvgChart(
            "Share that was right (line) by the model's confidence; that of a perfectly calibrated model is dashed.",
            [
                new ChartSeries("target", [new(0, 0), new(1, 1)]),
                new ChartSeries(
                    "p50", [.. report.Calibration.Select(b => new ChartPoint(b.Confidence, b.Right.Share ?? 0))], HasDots: true),
            ],
            "100 %", "0", "1"));

    private static BacktestSection CreateConfusion(string title, IReadOnlyList<ConfusionCell> cells)
    {
        string[] chosen = [.. cells.Select(c => c.Chosen).Distinct().Order(StringComparer.Ordinal)];
        return new BacktestSection(
            title,
            [],
            ["People", .. chosen],
            [
                .. cells.GroupBy(c => c.Right).Select(row => (IReadOnlyList<string>)
                [
                    row.Key,
                    .. chosen.Select(c => Number(row.Where(cell => cell.Chosen == c).Sum(cell => cell.Count))),
                ]),
            ]);
    }

    private static BacktestSection CreateWrong(BacktestReport report)
    {
        IReadOnlyList<BacktestRow> wrong = report.Wrong;
        return new BacktestSection(
            "Assigned to other specialists than people chose",
            wrong.Count > MaxWrong
                ? [FormattableString.Invariant($"The first {MaxWrong} of {wrong.Count}; --format json has all.")]
                : [],
            ["Issue", "People", "Unified", "Best scores"],
            [
                .. wrong.Take(MaxWrong).Select(r => new[]
                {
                    $"#{Number(r.Number)}",
                    r.Right.Specialists.Count == 0 ? "nobody" : string.Join(", ", r.Right.Specialists),
                    string.Join(", ", r.Unified.Specialists),
                    string.Join(", ", r.Scores.Take(2).Select(s => $"{s.Label} {Number(s.Score)}")),
                }),
            ]);
    }

    private static string DescribeDuration(BacktestReport report) => report.P50Seconds is { } p50
        ? $"p50 {Number(p50)} s, p95 {Number(report.P95Seconds!.Value)} s"
        : "every answer was cached";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);
}
