namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>How the flags stand, for the health page.</summary>
/// <param name="Store">The store's description.</param>
/// <param name="Revision">Of the flags in use; <c>none</c> when none were ever seen.</param>
/// <param name="ReadAt">When the store last answered; null when it has not since the start.</param>
/// <param name="Problems">What is wrong, and what holds meanwhile; empty when all is well.</param>
public sealed record FlagHealth(string Store, string Revision, DateTimeOffset? ReadAt, IReadOnlyList<string> Problems)
{
    public bool IsHealthy => Problems.Count == 0;
}
