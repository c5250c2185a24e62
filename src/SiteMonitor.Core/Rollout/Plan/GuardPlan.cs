namespace SiteMonitor.Core.Rollout.Plan;

/// <summary>When the guard rolls back by itself (PRODUCT 4, "Rollback").</summary>
public sealed record GuardPlan
{
    /// <summary>The window, in minutes; also how recent the newest run must be for a look to count.</summary>
    public int WindowMinutes { get; init; } = 15;

    /// <summary>The window is widened to this many runs,</summary>
    public int WindowRuns { get; init; } = 20;

    /// <summary>but at most to this many hours.</summary>
    public int WindowHours { get; init; } = 24;

    /// <summary>With fewer runs nothing is judged.</summary>
    public int MinimumRuns { get; init; } = 20;

    /// <summary>With fewer issues that failed, failures are not judged: one failure of six is not "17 %".</summary>
    public int MinimumFailedIssues { get; init; } = 2;

    /// <summary>So many looks in a row, each with a new run.</summary>
    public int Looks { get; init; } = 3;

    /// <summary>Share of runs, 0 to 1.</summary>
    public double ErrorRateAbove { get; init; } = 0.05;

    /// <summary>Share of issues, 0 to 1.</summary>
    public double CriticalIssuesAbove { get; init; } = 0.10;

    /// <summary>Mean duration over baseline.</summary>
    public double DurationRatioAbove { get; init; } = 2;
}
