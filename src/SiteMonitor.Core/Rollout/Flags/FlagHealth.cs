namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>State of the flags, for the health page.</summary>
/// <param name="Store">The store's description.</param>
/// <param name="Revision">Of the flags in use; <c>none</c> when none were ever seen.</param>
/// <param name="ReadAt">When the store last answered; null when it has not since the start.</param>
/// <param name="Warnings">An outage and which flags apply during it; invalid flags.</param>
/// <param name="Missing">Flags of the application that are missing in a reachable store.</param>
public sealed record FlagHealth(
    string Store, string Revision, DateTimeOffset? ReadAt, IReadOnlyList<string> Warnings, IReadOnlyList<string> Missing)
{
    /// <summary>What to do about missing flags.</summary>
    public const string MissingAdvice =
        "Check AppConfiguration:Prefix and AppConfiguration:Label, or FeatureFlags:File. Where they are right, 'azd hooks run " +
            "postprovision' creates the flags as in the first phase, and the next change of phase creates them as that phase wants them.";

    public bool IsHealthy => Problems.Count == 0;

    /// <summary>All problems; empty if there are none.</summary>
    public IReadOnlyList<string> Problems => Missing.Count == 0 ? Warnings : [.. Warnings, $"{MissingSummary} {MissingAdvice}"];

    /// <summary>One sentence on what is missing.</summary>
    public string MissingSummary => Missing.Count == FlagNames.All.Count
        ? $"{Store} has none of the {FlagNames.All.Count} flags; everything counts as off."
        : $"{Store} lacks {string.Join(", ", Missing)}; an absent flag counts as off.";
}
