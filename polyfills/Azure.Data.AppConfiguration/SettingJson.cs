using System.Globalization;
using System.Text.Json;

namespace Azure.Data.AppConfiguration;

/// <summary>Key-values in the JSON of the REST API.</summary>
internal static class SettingJson
{
    public static byte[] Write(ConfigurationSetting setting)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("value", setting.Value);
            json.WriteString("content_type", setting.ContentType);
            json.WriteStartObject("tags");
            foreach ((string name, string value) in setting.Tags)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    public static ConfigurationSetting Read(BinaryData content)
    {
        using JsonDocument json = JsonDocument.Parse(content);
        return Read(json.RootElement);
    }

    /// <summary>The settings of one page, and the address of the next one (null: there is none).</summary>
    public static (IReadOnlyList<ConfigurationSetting> Settings, string Next) ReadPage(BinaryData content)
    {
        using JsonDocument json = JsonDocument.Parse(content);
        return ([.. json.RootElement.GetProperty("items").EnumerateArray().Select(Read)], Text(json.RootElement, "@nextLink"));
    }

    private static ConfigurationSetting Read(JsonElement json)
    {
        string key = Text(json, "key"), contentType = Text(json, "content_type");
        bool flag = contentType == FeatureFlagConfigurationSetting.FeatureFlagContentType
            && key?.StartsWith(FeatureFlagConfigurationSetting.KeyPrefix, StringComparison.Ordinal) == true;
        ConfigurationSetting setting = flag ? new FeatureFlagConfigurationSetting() : new ConfigurationSetting();
        setting.Key = key;
        setting.Label = Text(json, "label");
        setting.ContentType = contentType;
        setting.Value = Text(json, "value");
        setting.ETag = Text(json, "etag") is { } etag ? new ETag(etag) : default;
        setting.LastModified = Text(json, "last_modified") is { } time ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null;
        setting.IsReadOnly = json.TryGetProperty("locked", out JsonElement locked) && locked.ValueKind is not JsonValueKind.Null ? locked.GetBoolean() : null;
        if (json.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind is JsonValueKind.Object)
        {
            foreach (JsonProperty tag in tags.EnumerateObject())
            {
                setting.Tags.Add(tag.Name, tag.Value.GetString());
            }
        }

        return setting;
    }

    private static string Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
