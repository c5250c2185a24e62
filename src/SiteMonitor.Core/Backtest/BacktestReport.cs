using System.Text.Json.Serialization;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Backtest;

/// <summary>
/// Compares what the unified pipeline and the legacy logic ("both sides") would have done with past issues with what people did.
/// </summary>
/// <param name="Repository">The issues' repository, <c>owner/name</c>.</param>
/// <param name="Rows">Every issue, with what both sides chose.</param>
/// <param name="Problems">Issues that could not be decided.</param>
public sealed record BacktestReport(string Repository, IReadOnlyList<BacktestRow> Rows, IReadOnlyList<BacktestProblem> Problems)
{
    /// <summary>Share of agreement that the gate asks for.</summary>
    public const double RequiredAgreement = 0.7;

    /// <summary>With fewer issues of the repository whose right answer is known, the gate counts the built-in set too.</summary>
    public const int EnoughOwnIssues = 30;

    /// <summary>The gate is not met when more of the issues could not be decided, as a share of those that were.</summary>
    private const double MaxUndecided = 0.05;

    private const int CalibrationBins = 10;

    /// <summary>Rows of the built-in set, shown separately; empty when the repository has enough issues of its own.</summary>
    public IReadOnlyList<BacktestRow> BuiltIn { get; init; } = [];

    /// <summary>The plan whose rollout is simulated.</summary>
    [JsonIgnore]
    public RolloutPlan Plan { get; init; } = PlanParseResult.Default;

    /// <summary>The plan's rollout, simulated at the times the issues were opened; null when these show no pattern.</summary>
    public SimulatedRollout? Replay => RolloutSimulator.Simulate(this);

    private BacktestRow[] Judged => [.. Rows.Where(r => r.IsJudged)];

    /// <summary>The number of issues whose right answer is known.</summary>
    public int JudgedCount => Judged.Length;

    public SideResult Unified => SideResult.Create(Judged, r => r.Unified);

    public SideResult Legacy => SideResult.Create(Judged, r => r.Legacy);

    /// <summary>Probability of the difference between both sides' agreement if they were equally good.</summary>
    public double PValue => McNemarTest.GetPValue(
        Judged.Count(r => r.Right.Agrees(r.Unified) && !r.Right.Agrees(r.Legacy)),
        Judged.Count(r => !r.Right.Agrees(r.Unified) && r.Right.Agrees(r.Legacy)));

    /// <summary>Whether the gate would pass: enough agreement, and not less than the legacy logic's.</summary>
    public bool MeetsGate => !HasTooManyProblems && GateUnified.Share >= RequiredAgreement && GateUnified.Count >= GateLegacy.Count;

    // Issues that could not be decided may be the hard ones.
    private bool HasTooManyProblems => Problems.Count > (Rows.Count + BuiltIn.Count) * MaxUndecided;

    private Proportion GateUnified => SideResult.Create(GateRows, r => r.Unified).Agreement;

    private Proportion GateLegacy => SideResult.Create(GateRows, r => r.Legacy).Agreement;

    private BacktestRow[] GateRows => [.. Judged, .. BuiltIn.Where(r => r.IsJudged)];

    /// <summary>What other thresholds for an assignment would have done, from 0.50 to 0.95.</summary>
    public IReadOnlyList<ThresholdResult> Thresholds =>
    [
        .. from step in Enumerable.Range(10, 10)
           let threshold = step / 20.0
           select new ThresholdResult(threshold, SideResult.Create(Judged, r => ChooseAt(r, threshold))),
    ];

    /// <summary>
    /// How often the model was right at each level of confidence, over every issue and specialist. Bins without a value are left out.
    /// </summary>
    public IReadOnlyList<CalibrationBin> Calibration =>
    [
        .. from row in Judged
           from score in row.Scores
           group (score.Confidence, IsRight: row.Right.Specialists.Contains(score.Label, StringComparer.OrdinalIgnoreCase))
               by Math.Min(CalibrationBins - 1, (int)(score.Confidence * CalibrationBins)) into bin
           orderby bin.Key
           select new CalibrationBin(
               (double)bin.Key / CalibrationBins,
               bin.Average(s => s.Confidence),
               new Proportion(bin.Count(s => s.IsRight), bin.Count())),
    ];

    /// <summary>How often each choice of the unified side met each right answer; several specialists are joined by <c>+</c>.</summary>
    public IReadOnlyList<ConfusionCell> UnifiedConfusion => CreateConfusion(r => r.Unified);

    public IReadOnlyList<ConfusionCell> LegacyConfusion => CreateConfusion(r => r.Legacy);

    /// <summary>For each specialist that people or the unified side chose.</summary>
    public IReadOnlyList<SpecialistResult> Specialists =>
    [
        .. Judged.SelectMany(r => r.Right.Specialists.Concat(r.Unified.Specialists))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal)
            .Select(label => SpecialistResult.Create(label, Judged)),
    ];

    /// <summary>Issues that the unified side would have assigned to other specialists than people did.</summary>
    public IReadOnlyList<BacktestRow> Wrong => [.. Judged.Where(r => r.Unified.Specialists.Count > 0 && !r.Right.Agrees(r.Unified))];

    public int UnmatchedByLegacy => Rows.Count(r => r.Legacy.Specialists.Count == 0);

    public decimal Dollars => Rows.Sum(r => r.Dollars);

    public int ModelCalls => Rows.Sum(r => r.ModelCalls);

    public long Tokens => Rows.Sum(r => (long)r.Tokens);

    /// <summary>Median and 95th percentile of the decisions that asked the model, in seconds; null when all were cached.</summary>
    public double? P50Seconds => Asked.Percentile(0.5);

    public double? P95Seconds => Asked.Percentile(0.95);

    private Durations Asked => new(Rows.Where(r => r.ModelCalls > 0).Select(r => r.DurationMs / 1000.0));

    /// <summary>Returns whether the gate would pass and why, as display text.</summary>
    public string DescribeGate() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{(MeetsGate ? "met" : "not met")}; "
        + $"{(HasTooManyProblems ? $"{Problems.Count} issues could not be decided; " : string.Empty)}"
        + $"agreement {(BuiltIn.Count > 0 ? "with the built-in set " : string.Empty)}is {GateUnified}, "
        + $"and must be at least {RequiredAgreement * 100:0} % and the legacy logic's {GateLegacy}");

    private static BacktestChoice ChooseAt(BacktestRow row, double threshold) =>
        new(row.Unified.Code, [.. row.Scores.Where(s => s.Score >= threshold).Select(s => s.Label)]);

    private ConfusionCell[] CreateConfusion(Func<BacktestRow, BacktestChoice> choose) =>
    [
        .. from row in Judged
           group row by (Right: Join(row.Right.Specialists), Chosen: Join(choose(row).Specialists)) into cell
           orderby cell.Key.Right, cell.Key.Chosen
           select new ConfusionCell(cell.Key.Right, cell.Key.Chosen, cell.Count()),
    ];

    private static string Join(IReadOnlyList<string> specialists) =>
        specialists.Count == 0 ? "nobody" : string.Join('+', specialists.Order(StringComparer.Ordinal));
}

/// <summary>One side's figures over the issues whose right answer is known.</summary>
/// <param name="Agreement">Issues with the right choice; leaving an issue to a person is right only where nobody got it.</param>
/// <param name="Accuracy">Issues with the right choice, of those that it would have assigned.</param>
/// <param name="HandOver">Issues that it would have left to a person, or that it did not match.</param>
public sealed record SideResult(Proportion Agreement, Proportion Accuracy, Proportion HandOver)
{
    public static SideResult Create(IReadOnlyList<BacktestRow> rows, Func<BacktestRow, BacktestChoice> choose)
    {
        int assigned = rows.Count(r => choose(r).Specialists.Count > 0);
        return new SideResult(
            new Proportion(rows.Count(r => r.Right.Agrees(choose(r))), rows.Count),
            new Proportion(rows.Count(r => choose(r).Specialists.Count > 0 && r.Right.Agrees(choose(r))), assigned),
            new Proportion(rows.Count - assigned, rows.Count));
    }
}

/// <param name="Threshold">The score from which a specialist would be assigned.</param>
public sealed record ThresholdResult(double Threshold, SideResult Result);

/// <param name="From">Lower end of the bin; it is 0.1 wide.</param>
/// <param name="Confidence">The mean of the model's confidence in it.</param>
/// <param name="Right">How often people chose that specialist.</param>
public sealed record CalibrationBin(double From, double Confidence, Proportion Right);

/// <param name="Right">What people chose.</param>
/// <param name="Chosen">What the side would have chosen.</param>
public sealed record ConfusionCell(string Right, string Chosen, int Count);

/// <param name="Precision">Of the issues it would have got, those that people gave it.</param>
/// <param name="Recall">Of the issues that people gave it, those it would have got.</param>
public sealed record SpecialistResult(string Label, Proportion Precision, Proportion Recall)
{
    internal static SpecialistResult Create(string label, IReadOnlyList<BacktestRow> rows)
    {
        bool Has(IReadOnlyList<string> labels) => labels.Contains(label, StringComparer.OrdinalIgnoreCase);
        int both = rows.Count(r => Has(r.Right.Specialists) && Has(r.Unified.Specialists));
        return new SpecialistResult(
            label,
            new Proportion(both, rows.Count(r => Has(r.Unified.Specialists))),
            new Proportion(both, rows.Count(r => Has(r.Right.Specialists))));
    }
}
