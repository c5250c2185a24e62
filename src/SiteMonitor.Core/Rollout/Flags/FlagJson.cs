using System.Text.Json.Nodes;

namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Accesses the parts of a flag in the JSON schema of Azure App Configuration and Microsoft.FeatureManagement.</summary>
public static class FlagJson
{
    /// <summary>False if <c>enabled</c> is missing or no boolean; text such as <c>"true"</c> counts.</summary>
    public static bool IsEnabled(JsonObject flag) => bool.TryParse(flag["enabled"]?.ToString(), out bool isEnabled) && isEnabled;

    /// <summary>Whether all filters must match, rather than any of them.</summary>
    public static bool RequiresAllFilters(JsonObject flag) =>
        GetText(flag["conditions"]?["requirement_type"])?.Trim().ToUpperInvariant() == "ALL";

    /// <summary>Returns no filters if the list is malformed.</summary>
    public static IReadOnlyList<JsonObject> GetFilters(JsonObject flag) =>
        [.. GetObjects((flag["conditions"] as JsonObject)?["client_filters"])];

    /// <summary>Returns the canonical name of a filter.</summary>
    public static string GetFilterName(JsonObject filter) => FlagNames.NormalizeFilter(GetText(filter["name"]) ?? string.Empty);

    public static IEnumerable<JsonObject> GetObjects(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Returns null if the node is no string.</summary>
    public static string? GetText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
