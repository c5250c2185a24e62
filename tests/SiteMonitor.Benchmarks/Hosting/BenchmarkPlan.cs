using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Benchmarks.Hosting;

/// <summary>The rollout plan of benchmarks and campaigns.</summary>
internal static class BenchmarkPlan
{
    /// <summary>Writes the built-in plan without the limits of a team's day: what is measured here is more, by few authors.</summary>
    /// <returns>The file, for the setting <c>Rollout:Plan</c>.</returns>
    public static string Write(string folder)
    {
        JsonNode plan = JsonNode.Parse(PlanParseResult.DefaultText())!;
        plan["limits"] = new JsonObject
        {
            ["issuesPerAuthorPerDay"] = null,
            ["copilotSessionsPerHour"] = null,
            ["copilotSessionsPerDay"] = null,
            ["dollarsPerHour"] = null,
            ["dollarsPerDay"] = null,
        };

        // Killed runs on a busy machine are slow, and the guard would take them back: that is no loss.
        plan["guard"]!["durationRatioAbove"] = 1_000_000;
        string path = Path.Combine(folder, "rollout-plan.json");
        File.WriteAllText(path, plan.ToJsonString());
        return path;
    }
}
