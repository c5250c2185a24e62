namespace SiteMonitor.Core.Rollout.Gates;

/// <summary>Result of one criterion.</summary>
/// <param name="Value">Measured, or who confirmed it; display text.</param>
/// <param name="Target">Display text.</param>
/// <param name="Detail">What it is based on, or what is missing; display text.</param>
/// <param name="Sample">The number of runs or issues it is based on.</param>
public sealed record CriterionResult(
    string Id, string Title, CriterionState State, string Value, string Target, string Detail, int Sample = 0)
{
    /// <summary>The target of what a person confirms.</summary>
    public const string ConfirmedTarget = "confirmed";

    /// <summary>Whether a person confirms it, rather than a measurement.</summary>
    public bool NeedsConfirmation => Target == ConfirmedTarget;

    /// <summary>✓, ✗ or ….</summary>
    public string Sign => State switch
    {
        CriterionState.Met => "✓",
        CriterionState.Unmet => "✗",
        _ => "…",
    };
}

public enum CriterionState
{
    Met,
    Unmet,

    /// <summary>Not enough data yet, not confirmed yet, or it could not be measured: hold.</summary>
    Open,
}
