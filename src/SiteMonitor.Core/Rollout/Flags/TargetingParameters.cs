using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Checks the parameters of <c>Microsoft.Targeting</c>: evaluation throws at names and percentages that are none.</summary>
internal static class TargetingParameters
{
    private const string ListOfNames = "a list of names";

    /// <summary>What is wrong; null when they will do.</summary>
    public static string? Problem(FlagFilter filter)
    {
        string? problem = filter.Parameters["Audience"] is JsonObject audience ? AudienceProblem(audience) : "needs a parameter Audience";
        return problem is null ? null : $"filter {filter.Name} {problem}";
    }

    private static string? AudienceProblem(JsonObject audience)
    {
        if (audience["Exclusion"] is not (null or JsonObject))
        {
            return "needs as Exclusion an object with Users and Groups";
        }

        var exclusion = audience["Exclusion"] as JsonObject;
        (string Where, JsonNode? List)[] names = [("Users", audience["Users"]), ("Exclusion.Users", exclusion?["Users"]), ("Exclusion.Groups", exclusion?["Groups"])];
        return names.FirstOrDefault(n => !AreNames(n.List)).Where is { } where ? $"needs as {where} {ListOfNames}"
            : audience["Groups"] is not (null or JsonArray) || !Groups(audience).All(g => g is JsonObject group && FlagJson.IsText(group["Name"])) ? "needs as Groups a list of objects, each with a Name and a RolloutPercentage"
            : Groups(audience).Select(g => g!["RolloutPercentage"]).Append(audience["DefaultRolloutPercentage"]).All(IsPercentage) ? null
            : "has a percentage outside 0 to 100";
    }

    private static JsonArray Groups(JsonObject audience) => audience["Groups"] as JsonArray ?? [];

    private static bool AreNames(JsonNode? list) => list is null || (list is JsonArray names && names.All(FlagJson.IsText));

    private static bool IsPercentage(JsonNode? node) => node is null || (node is JsonValue value && value.TryGetValue(out double share) && share is >= 0 and <= 100);
}
