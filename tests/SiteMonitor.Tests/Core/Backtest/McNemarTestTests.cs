using SiteMonitor.Core.Backtest;

namespace SiteMonitor.Tests.Core.Backtest;

/// <summary>
/// Against published values: tables of the exact sign test (binomial, equal odds, two-sided), and examples of McNemar's exact test. 2 and 9
/// is the example of the R package exact2x2 (https://cran.r-project.org/web/packages/exact2x2/vignettes/exactMcNemar.pdf), 5 and 12 that of
/// https://stat-tools.xyz/mcnemar.
/// </summary>
public sealed class McNemarTestTests
{
    [Theory]
    [InlineData(0, 0, 1.0)]
    [InlineData(0, 5, 0.0625)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(1, 9, 0.021484)]
    [InlineData(2, 8, 0.109375)]
    [InlineData(3, 12, 0.035156)]
    [InlineData(5, 15, 0.041389)]
    [InlineData(2, 9, 0.065430)]
    [InlineData(5, 12, 0.143463)]
    [InlineData(5, 5, 1.0)]
    [InlineData(10, 20, 0.098737)]
    public void The_Probability_Is_The_Published_One_In_Both_Directions(int first, int second, double expected)
    {
        Assert.Equal(expected, McNemarTest.GetPValue(first, second), 6);
        Assert.Equal(expected, McNemarTest.GetPValue(second, first), 6);
    }

    [Fact]
    public void Thousands_Of_Issues_Do_Not_Overflow()
    {
        Assert.InRange(McNemarTest.GetPValue(9_900, 10_100), 0.15, 0.17);
        Assert.InRange(McNemarTest.GetPValue(0, 5_000), 0, 1e-300);
    }
}
