namespace SiteMonitor.Core.Rollout.State;

/// <summary>What the guard remembers from look to look.</summary>
/// <param name="LastRun">The newest run of the last look that counted.</param>
/// <param name="LookedAt">When it last had a window to look at.</param>
/// <param name="Saw">What it saw then, for people.</param>
public sealed record GuardMemory(IReadOnlyList<GuardStreak> Streaks, string LastRun, DateTimeOffset? LookedAt, string Saw)
{
    public static GuardMemory Empty { get; } = new([], string.Empty, null, string.Empty);

    /// <summary>Whether the other one says the same, the time apart: then it need not be saved.</summary>
    public bool Tells(GuardMemory other) => LastRun == other.LastRun && Saw == other.Saw && Streaks.SequenceEqual(other.Streaks);
}
