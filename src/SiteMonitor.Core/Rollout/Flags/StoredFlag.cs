using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>A flag as stored.</summary>
/// <param name="Name">Without the store's prefix; targeting hashes it, so file and store give the same buckets.</param>
/// <param name="Json">The whole flag with sorted members, the same in every store; the unchanged text if it cannot be parsed.</param>
/// <param name="ETag">Changes with the content; a write names the one it has read.</param>
/// <param name="Setting">The part that the rollout sets; off where there is a problem.</param>
/// <param name="Problem">Why the flag counts as off although it is there; null when it is fine.</param>
public sealed record StoredFlag(string Name, string Json, string ETag, FlagSetting Setting, string? Problem = null)
{
    private const string Consequence = "; the flag counts as off";

    /// <summary>The flag in the schema's spelling, without unknown members, also when invalid; null if it cannot be parsed.</summary>
    public JsonObject? Content { get; init; }

    /// <summary>Returns the flag switched off because of a problem.</summary>
    public StoredFlag Reject(string problem) => this with
    {
        Setting = FlagSetting.Broken(problem),
        Problem = $"{problem.Split(Consequence)[0]}{Consequence} until this is fixed",
    };
}
