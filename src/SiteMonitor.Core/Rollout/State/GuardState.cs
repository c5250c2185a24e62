using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>What the guard remembers from look to look.</summary>
/// <param name="LastRun">The newest run of the last look that counted.</param>
/// <param name="EvaluatedAt">When it last had a window to look at.</param>
/// <param name="Observation">What it saw then, for people.</param>
public sealed record GuardState(IReadOnlyList<GuardStreak> Streaks, string LastRun, [property: JsonPropertyName("lookedAt")] DateTimeOffset? EvaluatedAt, [property: JsonPropertyName("saw")] string Observation)
{
    public static GuardState Empty { get; } = new([], string.Empty, null, string.Empty);

    /// <summary>Whether the other one says the same, the time apart: then it need not be saved.</summary>
    public bool IsEquivalentTo(GuardState other) => LastRun == other.LastRun && Observation == other.Observation && Streaks.SequenceEqual(other.Streaks);
}

/// <summary>How often in a row a trigger of the guard was seen.</summary>
/// <param name="Trigger">Which.</param>
/// <param name="Evaluations">So many looks, each with a new run.</param>
public sealed record GuardStreak(string Trigger, [property: JsonPropertyName("looks")] int Evaluations);
