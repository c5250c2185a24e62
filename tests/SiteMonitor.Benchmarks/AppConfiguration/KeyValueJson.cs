using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace SiteMonitor.Benchmarks.AppConfiguration;

/// <summary>Reads and writes the JSON of the REST API.</summary>
internal static class KeyValueJson
{
    public static ImmutableArray<string> Fields { get; } = ["etag", "key", "label", "content_type", "value", "tags", "locked",
    "last_modified"];

    /// <returns>Null if it is not JSON or a property has a wrong type.</returns>
    public static KeyValueContent? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return new KeyValueContent(Text(json.RootElement, "value"), Text(json.RootElement, "content_type"), Tags(json.RootElement));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static void Write(Utf8JsonWriter json, KeyValue keyValue, IReadOnlyCollection<string> fields)
    {
        json.WriteStartObject();
        foreach (string field in fields)
        {
            json.WritePropertyName(field);
            WriteField(json, keyValue, field);
        }

        json.WriteEndObject();
    }

    private static void WriteField(Utf8JsonWriter json, KeyValue keyValue, string field)
    {
        switch (field)
        {
            case "tags":
                json.WriteStartObject();
                foreach ((string name, string value) in keyValue.Tags)
                {
                    json.WriteString(name, value);
                }

                json.WriteEndObject();
                break;
            case "locked":
                json.WriteBooleanValue(keyValue.Locked);
                break;
            default:
                json.WriteStringValue(field switch
                {
                    "etag" => keyValue.ETag,
                    "key" => keyValue.Key,
                    "label" => keyValue.Label,
                    "content_type" => keyValue.ContentType,
                    "value" => keyValue.Value,
                    _ => keyValue.LastModified.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture),
                });
                break;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static ImmutableSortedDictionary<string, string> Tags(JsonElement json) =>
        json.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind is not JsonValueKind.Null
            ? tags.EnumerateObject().ToImmutableSortedDictionary(
                t => t.Name, t => t.Value.GetString() ?? string.Empty, StringComparer.Ordinal)
            : ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
