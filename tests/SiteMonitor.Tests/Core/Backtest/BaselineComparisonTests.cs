using SiteMonitor.Core.Backtest;
using static SiteMonitor.Tests.Core.Backtest.Histories;

namespace SiteMonitor.Tests.Core.Backtest;

public sealed class BaselineComparisonTests
{
    private static BacktestRow[] Rows(int right, int wrong, int waiting, decimal dollars = 0.002m) =>
    [
        .. Enumerable.Range(1, right + wrong + waiting)
            .Select(n => Row(n, Analyst, n <= right ? Analyst : n <= right + wrong ? Researcher : "") with { Dollars = dollars }),
    ];

    [Fact]
    public void The_Same_Result_Is_Not_Worse() => Assert.Empty(BaselineComparison.Create(Rows(80, 10, 10), Rows(80, 10, 10)).Regressions);

    [Fact]
    public void A_Better_Result_Is_Not_Worse() => Assert.Empty(BaselineComparison.Create(Rows(80, 10, 10), Rows(95, 0, 5)).Regressions);

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void A_Fall_Counts_From_Where_Chance_Does_Not_Explain_It(int lost, bool expected) =>
        Assert.Equal(expected, BaselineComparison.Create(Rows(80, 20, 0), Rows(80 - lost, 20 + lost, 0)).Regressions.Any(r => r.StartsWith("Agreement", StringComparison.Ordinal)));

    [Theory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void More_Hand_Overs_Count_Beyond_Five_Points(int more, bool expected) =>
        Assert.Equal(expected, BaselineComparison.Create(Rows(80, 20, 0), Rows(80, 20 - more, more)).Regressions.Any(r => r.StartsWith("Hand-overs", StringComparison.Ordinal)));

    [Theory]
    [InlineData(0.0024, false)]
    [InlineData(0.0025, true)]
    public void A_Higher_Cost_Counts_Beyond_A_Fifth(double dollars, bool expected) =>
        Assert.Equal(expected, BaselineComparison.Create(Rows(8, 0, 0), Rows(8, 0, 0, (decimal)dollars)).Regressions.Count > 0);

    [Fact]
    public void Only_Issues_Of_Both_Are_Compared_And_The_Newer_Answer_Holds()
    {
        BacktestRow[] before = [Row(1, Researcher, Analyst), Row(2, Analyst, Analyst), Row(3, Analyst, Analyst)];
        BacktestRow[] after = [Row(1, Analyst, Analyst), Row(2, Analyst, Researcher), Row(9, Analyst, Researcher), Row(3, "?", Researcher)];

        BaselineComparison comparison = BaselineComparison.Create(before, after);

        Assert.Equal((2, 2, 1, 0), (comparison.Before.Agreement.Of, comparison.Before.Agreement.Count, comparison.OnlyBefore, comparison.OnlyAfter));
    }
}
