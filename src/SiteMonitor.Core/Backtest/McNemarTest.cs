namespace SiteMonitor.Core.Backtest;

/// <summary>McNemar's exact test: whether one of two choices on the same issues is right more often than the other.</summary>
public static class McNemarTest
{
    /// <summary>
    /// Returns the probability, two-sided, of a difference at least this large if both were equally good. Issues on which both were right,
    /// or both wrong, say nothing.
    /// </summary>
    /// <param name="onlyFirst">Issues on which only the first was right.</param>
    /// <param name="onlySecond">Issues on which only the second was right.</param>
    public static double GetPValue(int onlyFirst, int onlySecond)
    {
        int trials = onlyFirst + onlySecond;
        if (trials == 0)
        {
            return 1;
        }

        // The binomial distribution with equal odds, summed in logarithms so that thousands of issues do not overflow.
        double logAll = trials * Math.Log(2);
        double logWays = 0;
        double tail = 0;
        for (int k = 0; k <= Math.Min(onlyFirst, onlySecond); k++)
        {
            tail += Math.Exp(logWays - logAll);
            logWays += Math.Log(trials - k) - Math.Log(k + 1);
        }

        return Math.Min(1, 2 * tail);
    }
}
