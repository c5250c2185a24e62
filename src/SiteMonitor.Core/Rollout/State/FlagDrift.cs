namespace SiteMonitor.Core.Rollout.State;

/// <summary>A flag that differs from the plan.</summary>
/// <param name="Wanted">What the plan says, for people.</param>
/// <param name="Actual">What the flag says, for people.</param>
public sealed record FlagDrift(string Flag, string Wanted, string Actual)
{
    /// <summary>One line for people. A method, so that it is not stored.</summary>
    public string Describe() => $"{Flag} is {Actual}, the plan says {Wanted}";
}
