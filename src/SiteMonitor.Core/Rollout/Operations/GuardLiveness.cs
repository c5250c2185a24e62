using System.Globalization;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Operations;

/// <summary>Tells a guard with nothing to say from one whose timer has stopped.</summary>
public static class GuardLiveness
{
    /// <summary>It does a round each minute and leaves a stamp each second one.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong and what to do; empty when it did its round lately.</summary>
    public static string Problem(RolloutState state, DateTimeOffset now)
    {
        TimeSpan silent = now - (state.GuardRoundAt ?? state.PhaseSince);
        if (silent < Limit)
        {
            return string.Empty;
        }

        string since = state.GuardRoundAt is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"The guard has not finished a round for {(int)silent.TotalMinutes} min (last at {last:yyyy-MM-dd HH:mm})")
            : "The guard has not finished a round yet";
        return $"{since}: nothing rolls back by itself, no incident is followed up. Is the timer RolloutGuard enabled and its log free of errors (event 405)? Restart the application; until then watch yourself.";
    }
}
