using System.Globalization;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Explains briefly why a flag is on or off for an issue. Microsoft.FeatureManagement makes the decision.</summary>
internal static class FlagReasons
{
    public static string Route(StoredFlag? stored, IssueRef issue, IReadOnlyCollection<string> labels)
    {
        if (stored is not { Setting.Enabled: true })
        {
            return Off(stored, FlagNames.UnifiedPipeline);
        }

        JsonObject flag = stored.Content!;
        List<(bool Matches, string Why)> parts = [.. FlagJson.GetFilters(flag).Select(f => Explain(stored.Name, f, issue, labels))];
        if (parts.Count == 0)
        {
            return $"{stored.Name} is on for everything";
        }

        if (FlagJson.RequiresAllFilters(flag))
        {
            return string.Join(" and ", parts.Select(p => p.Why));
        }

        return parts.FirstOrDefault(p => p.Matches) is { Why: { } why } ? why : string.Join("; ", parts.Select(p => p.Why));
    }

    /// <summary>Returns why a flag counts as off.</summary>
    public static string Off(StoredFlag? stored, string name) => stored switch
    {
        null => $"{name} does not exist and counts as off",
        { Problem: { } problem } => $"{name} {problem}",
        { Setting.Enabled: false } => $"{name} is off",
        _ => $"{name} is outside its time window",
    };

    private static (bool Matches, string Why) Explain(string flag, JsonObject filter, IssueRef issue, IReadOnlyCollection<string> labels)
    {
        JsonNode? parameters = filter["parameters"];
        switch (FlagJson.GetFilterName(filter))
        {
            case FlagNames.IssueLabelFilter:
                string[] wanted = [.. Strings(parameters?["Labels"])];
                string? found = wanted.FirstOrDefault(l => labels.Contains(l, StringComparer.OrdinalIgnoreCase));
                return (found is not null, found is null ? $"no label {string.Join(" or ", wanted)}" : $"label {found}");
            case FlagNames.TargetingFilter:
                return Targeting(flag, parameters?["Audience"] as JsonObject ?? [], issue);
            default:
                return (false, "time window");
        }
    }

    private static (bool Matches, string Why) Targeting(string flag, JsonObject audience, IssueRef issue)
    {
        string user = issue.Canonical;
        string group = issue.Repository.Canonical;
        var exclusion = audience["Exclusion"] as JsonObject;
        if (Names(exclusion?["Users"], user) || Names(exclusion?["Groups"], group))
        {
            return (false, "Targeting: excluded by name");
        }

        if (Names(audience["Users"], user))
        {
            return (true, "Targeting: issue named");
        }

        JsonObject? own = FlagJson.GetObjects(audience["Groups"])
            .FirstOrDefault(g => group.Equals(FlagJson.GetText(g["Name"]), StringComparison.OrdinalIgnoreCase));
        double share = Number(own?["RolloutPercentage"]);
        double groupBucket = TargetingBucket.Compute(user, flag, group);
        if (own is not null && TargetingBucket.IsIn(groupBucket, share))
        {
            return (true, $"Targeting {group} {Percent(share)}: bucket {Bucket(groupBucket)}");
        }

        double percentage = Number(audience["DefaultRolloutPercentage"]);
        double bucket = TargetingBucket.Compute(user, flag);
        return (TargetingBucket.IsIn(bucket, percentage), $"Targeting {Percent(percentage)}: bucket {Bucket(bucket)}");
    }

    private static bool Names(JsonNode? list, string name) => Strings(list).Contains(name, StringComparer.OrdinalIgnoreCase);

    // A reason is told beside a decision: whatever stands in the flag, it must not be what stops a run.
    private static IEnumerable<string> Strings(JsonNode? list) =>
        list is JsonArray array ? array.Select(FlagJson.GetText).OfType<string>() : [];

    private static double Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : 0;

    private static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.##} %");

    // Truncated, so that a bucket just below the percentage never prints as the percentage.
    private static string Bucket(double value) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(value * 10) / 10:0.0}");
}
