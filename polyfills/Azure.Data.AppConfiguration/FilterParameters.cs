using System.Text.Json;
using System.Text.Json.Nodes;

namespace Azure.Data.AppConfiguration;

/// <summary>A filter's parameters between JSON and plain objects: dictionaries, lists, strings, numbers, truth values.</summary>
internal static class FilterParameters
{
    public static object Read(JsonNode node) => node switch
    {
        null => null,
        JsonObject o => o.ToDictionary(p => p.Key, p => Read(p.Value)),
        JsonArray a => a.Select(Read).ToList(),
        JsonValue v => Scalar(v),
        _ => throw new FormatException(),
    };

    public static JsonNode Write(object value) => value switch
    {
        null => null,
        string s => s,
        bool b => b,
        int i => i,
        long l => l,
        float f => f,
        double d => d,
        IEnumerable<KeyValuePair<string, object>> pairs => new JsonObject(pairs.Select(p => KeyValuePair.Create(p.Key, Write(p.Value)))),
        IEnumerable<object> items => new JsonArray([.. items.Select(Write)]),
        _ => throw new NotSupportedException($"Not supported type {value.GetType()}"),
    };

    private static object Scalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => value.TryGetValue(out int i) ? i : value.TryGetValue(out long l) ? l : value.GetValue<double>(),
    };
}
