namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>The guard's parameters. It watches runs, not time, so the same parameters serve 5 issues a day and 5,000.</summary>
public sealed record GuardPlan
{
    /// <summary>Runs that failed or are critical.</summary>
    public GuardRule Errors { get; init; } = new(0.01, 0.10, 7.5);

    /// <summary>Runs that left the issue in no legal state.</summary>
    public GuardRule Critical { get; init; } = new(0.001, 0.10, 5);

    /// <summary>Analyses without a usable answer from the model.</summary>
    public GuardRule Unanswered { get; init; } = new(0.02, 0.20, 8);

    /// <summary>Runs that take longer than <see cref="DurationRatioAbove"/> times the baseline.</summary>
    public GuardRule Slow { get; init; } = new(0.05, 0.30, 8);

    /// <summary>Runs that end waiting for a person; opens an incident and never rolls back.</summary>
    public HandOverRule HandOver { get; init; } = new();

    /// <summary>A run is slow when its duration exceeds the baseline this many times.</summary>
    public double DurationRatioAbove { get; init; } = 2;
}

/// <summary>A one-sided CUSUM (https://en.wikipedia.org/wiki/CUSUM): each run moves the sum.</summary>
/// <param name="HealthyRate">Share of bad runs of a pipeline that works, 0 to 1.</param>
/// <param name="FailingRate">Share of bad runs from which it counts as failing, 0 to 1.</param>
/// <param name="Threshold">The sum at which the signal fires.</param>
public sealed record GuardRule(double HealthyRate, double FailingRate, double Threshold)
{
    /// <summary>The log-likelihood ratio of one run: above 0 for a bad one, below 0 for a good one.</summary>
    public double GetWeight(bool isBad) => isBad ? Math.Log(FailingRate / HealthyRate) : Math.Log((1 - FailingRate) / (1 - HealthyRate));
}

/// <summary>The rule for hand-overs, relative to the hand-over rate of the previous phase; without one the signal is off.</summary>
/// <param name="MinimumRate">The least the healthy rate may be, 0 to 1.</param>
/// <param name="MaximumRate">Upper bound of the healthy rate, 0 to 1; must be below 0.5, because twice this rate counts as failing.</param>
/// <param name="Threshold">The sum at which the signal fires.</param>
public sealed record HandOverRule(double MinimumRate = 0.05, double MaximumRate = 0.40, double Threshold = 8)
{
    /// <summary>Returns the rule for the previous phase's hand-over rate; twice that rate counts as failing.</summary>
    public GuardRule For(double previousRate)
    {
        double healthy = Math.Clamp(previousRate, MinimumRate, MaximumRate);
        return new GuardRule(healthy, 2 * healthy, Threshold);
    }
}
