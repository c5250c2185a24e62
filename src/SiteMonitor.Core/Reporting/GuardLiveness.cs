using System.Globalization;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Detects that the guard's timer has stopped.</summary>
public static class GuardLiveness
{
    /// <summary>The guard runs each minute and records it every other minute.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong and what to do; empty when the guard ran lately.</summary>
    public static string Problem(RolloutState state, DateTimeOffset now)
    {
        TimeSpan silent = now - (state.GuardRoundAt ?? state.PhaseSince);
        if (silent < Limit)
        {
            return string.Empty;
        }

        string since = state.GuardRoundAt is { } last
            ? string.Create(
                CultureInfo.InvariantCulture, $"The guard has not run for {(int)silent.TotalMinutes} min (last at {last:yyyy-MM-dd HH:mm})")
            : "The guard has not run yet";
        return $"{since}: nothing rolls back by itself, no incident is followed up. Is the timer RolloutGuard enabled and its log free of errors "
            + "(event 405)? Restart the application; until then watch the rollout yourself.";
    }
}
