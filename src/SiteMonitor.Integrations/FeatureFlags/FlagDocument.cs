using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>One entry of a flags file.</summary>
/// <param name="Json">Compact; the text as it stands where it is no valid JSON value.</param>
internal sealed record FlagEntry(string Name, string Json, string ETag);

/// <summary>Parses a flags file entry by entry: a malformed one affects no other, a write leaves the others' text as it is.</summary>
internal sealed class FlagDocument : IDisposable
{
    public const string Empty = """{"feature_management":{"feature_flags":[]}}""";

    private const string Management = "feature_management";
    private const string List = "feature_flags";
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    // One entry that is too deep must not keep the others from being read.
    private static readonly JsonDocumentOptions AnyDepth = Lenient with { MaxDepth = int.MaxValue };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly JsonDocument _document;
    private readonly List<(string? Name, JsonElement Value)> _entries = [];

    private FlagDocument(JsonDocument document)
    {
        _document = document;
        foreach (JsonElement entry in FindList(document.RootElement).EnumerateArray())
        {
            _entries.Add((FindName(entry), entry));
        }

        if (_entries.Count > 0 && _entries.TrueForAll(e => e.Name is null))
        {
            throw new FormatException($"no entry of {Management}.{List} is a flag");
        }
    }

    public IReadOnlyList<FlagEntry> Flags =>
        [.. _entries.Where(e => e.Name is not null).Select(e => (e.Name, Json: Compact(e.Value)))
            .Select(e => new FlagEntry(e.Name!, e.Json, ETagOf(e.Json)))];

    /// <summary>Problems of entries without a flag name.</summary>
    public IReadOnlyList<string> Problems =>
        [.. _entries.Index().Where(e => e.Item.Name is null)
            .Select(e => $"Entry {e.Index + 1} of {Management}.{List} has no id and is ignored: give it one.")];

    /// <exception cref="JsonException">The text is not JSON.</exception>
    /// <exception cref="FormatException">It has no list of flags.</exception>
    public static FlagDocument Parse(string text)
    {
        JsonDocument document = JsonDocument.Parse(text, AnyDepth);
        try
        {
            return new FlagDocument(document);
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    public static string ETagOf(string json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..16];

    /// <summary>Returns the file's text with the flag replaced, or appended if new.</summary>
    public string With(string name, JsonObject flag)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new JsonWriterOptions { Indented = true }))
        {
            CopyObject(writer, _document.RootElement, Management,
                management => CopyObject(writer, management, List, _ => WriteList(writer, name, flag)));
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public void Dispose() => _document.Dispose();

    private static void CopyObject(Utf8JsonWriter writer, JsonElement source, string replaced, Action<JsonElement> write)
    {
        writer.WriteStartObject();
        foreach (JsonProperty property in source.EnumerateObject())
        {
            writer.WritePropertyName(property.Name);
            if (property.Name == replaced)
            {
                write(property.Value);
            }
            else
            {
                writer.WriteRawValue(property.Value.GetRawText(), skipInputValidation: true);
            }
        }

        writer.WriteEndObject();
    }

    private void WriteList(Utf8JsonWriter writer, string name, JsonObject flag)
    {
        string json = flag.ToJsonString(Indented);
        bool isWritten = false;
        writer.WriteStartArray();
        foreach ((string? entry, JsonElement value) in _entries)
        {
            if (entry != name)
            {
                writer.WriteRawValue(value.GetRawText(), skipInputValidation: true);
            }
            else if (!isWritten)
            {
                writer.WriteRawValue(json);
                isWritten = true;
            }
        }

        if (!isWritten)
        {
            writer.WriteRawValue(json);
        }

        writer.WriteEndArray();
    }

    private static JsonElement FindList(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
        && root.TryGetProperty(Management, out JsonElement management) && management.ValueKind == JsonValueKind.Object
        && management.TryGetProperty(List, out JsonElement list) && list.ValueKind == JsonValueKind.Array
            ? list
            : throw new FormatException($"it has no list {Management}.{List}");

    private static string? FindName(JsonElement entry)
    {
        try
        {
            return entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty("id", out JsonElement id)
                && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } name
                    ? name
                    : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string Compact(JsonElement entry)
    {
        try
        {
            return JsonNode.Parse(entry.GetRawText(), documentOptions: Lenient)!.ToJsonString();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return entry.GetRawText();
        }
    }
}
