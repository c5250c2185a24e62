using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Core.Backtest;

/// <summary>Compares a new result with a saved one, on the issues of both, to see whether a change made it worse.</summary>
/// <param name="Before">The saved result.</param>
/// <param name="After">The new result.</param>
/// <param name="OnlyBefore">Issues that only the saved result had right.</param>
/// <param name="OnlyAfter">Issues that only the new result has right.</param>
/// <param name="DollarsBefore">Cost of an issue that the model was asked about; null when all were cached.</param>
/// <param name="DollarsAfter">The same for the new result.</param>
public sealed record BaselineComparison(
    SideResult Before, SideResult After, int OnlyBefore, int OnlyAfter, decimal? DollarsBefore, decimal? DollarsAfter)
{
    /// <summary>A fall of the agreement counts when its p-value is below this.</summary>
    public const double Significance = 0.05;

    /// <summary>How much the share of hand-overs may rise.</summary>
    public const double MaxHandOverRise = 0.05;

    /// <summary>How many times as much an issue may cost.</summary>
    public const decimal MaxCostRatio = 1.2m;

    public double PValue => McNemarTest.GetPValue(OnlyBefore, OnlyAfter);

    /// <summary>Sentences that say what is worse; empty when nothing is.</summary>
    public IReadOnlyList<string> Regressions =>
    [
        .. OnlyBefore > OnlyAfter && PValue < Significance
            ? [$"Agreement fell from {Before.Agreement} to {After.Agreement}: " +
                $"{OnlyBefore} issues lost, {OnlyAfter} won (p = {PValue:0.000})."]
            : Array.Empty<string>(),
        .. After.HandOver.Share - Before.HandOver.Share > MaxHandOverRise
            ? [$"Hand-overs rose from {Before.HandOver} to {After.HandOver}."]
            : Array.Empty<string>(),
        .. DollarsBefore is > 0 and var before && DollarsAfter > before * MaxCostRatio
            ? [$"An issue costs ${DollarsAfter:0.0000} instead of ${before:0.0000}."]
            : Array.Empty<string>(),
    ];

    /// <summary>Compares the issues that both have and whose right answer is known; where the answers differ, the new one counts.</summary>
    public static BaselineComparison Create(IReadOnlyList<BacktestRow> before, IReadOnlyList<BacktestRow> after)
    {
        Dictionary<int, BacktestRow> saved = before.ToDictionary(r => r.Number);
        BacktestRow[] now = [.. after.Where(r => r.IsJudged && saved.ContainsKey(r.Number))];
        BacktestRow[] then = [.. now.Select(r => saved[r.Number] with { Right = r.Right })];
        return new BaselineComparison(
            SideResult.Create(then, r => r.Unified),
            SideResult.Create(now, r => r.Unified),
            then.Zip(now).Count(p => p.First.Right.Agrees(p.First.Unified) && !p.Second.Right.Agrees(p.Second.Unified)),
            then.Zip(now).Count(p => !p.First.Right.Agrees(p.First.Unified) && p.Second.Right.Agrees(p.Second.Unified)),
            GetDollars(then),
            GetDollars(now));
    }

    private static decimal? GetDollars(IReadOnlyList<BacktestRow> rows)
    {
        BacktestRow[] asked = [.. rows.Where(r => r.ModelCalls > 0)];
        return asked.Length == 0 ? null : asked.Average(r => r.Dollars);
    }
}
