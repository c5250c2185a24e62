using System.Text.Json.Nodes;

namespace Azure.Data.AppConfiguration;

/// <summary>The JSON of a feature flag: properties known by name, and the others as they came, in the order they came.</summary>
internal sealed class FeatureFlagValue
{
    private static readonly string[] s_known = ["id", "description", "display_name", "enabled", "conditions"];

    private JsonObject _source = [];

    public string Id { get; set; }

    public string Description { get; set; }

    public string DisplayName { get; set; }

    public bool Enabled { get; set; }

    public IList<FeatureFlagFilter> Filters { get; private init; } = [];

    /// <returns>Null when something required is missing.</returns>
    public static FeatureFlagValue Parse(JsonObject source) =>
        source["id"] is null || source["enabled"] is null || source["conditions"] is not JsonObject conditions ? null : new()
        {
            _source = source,
            Id = (string)source["id"],
            Description = (string)source["description"],
            DisplayName = (string)source["display_name"],
            Enabled = (bool)source["enabled"],
            Filters = [.. (conditions["client_filters"] as JsonArray ?? []).Select(Filter)],
        };

    public string Format()
    {
        JsonObject result = [];
        foreach ((string name, JsonNode value) in _source)
        {
            result.Add(name, s_known.Contains(name) ? Known(name) : value?.DeepClone());
        }

        foreach (string name in s_known.Where(n => !result.ContainsKey(n)))
        {
            JsonNode value = Known(name);
            if (value is not null)
            {
                result.Add(name, value);
            }
        }

        return result.ToJsonString();
    }

    private static FeatureFlagFilter Filter(JsonNode node) => new(
        (string)node["name"] ?? throw new FormatException("A filter has no name."),
        FilterParameters.Read(node["parameters"]) as Dictionary<string, object> ?? []);

    private JsonNode Known(string name) => name switch
    {
        "id" => Id,
        "description" => Description,
        "display_name" => DisplayName,
        "enabled" => Enabled,
        _ => Conditions(),
    };

    private JsonObject Conditions()
    {
        JsonObject conditions = [];
        if (Filters.Count > 0)
        {
            conditions.Add("client_filters", new JsonArray(
                [.. Filters.Select(f => new JsonObject { ["name"] = f.Name, ["parameters"] = FilterParameters.Write(f.Parameters) })]));
        }

        foreach ((string name, JsonNode value) in _source["conditions"] as JsonObject ?? [])
        {
            if (name != "client_filters")
            {
                conditions.Add(name, value?.DeepClone());
            }
        }

        return conditions;
    }
}
