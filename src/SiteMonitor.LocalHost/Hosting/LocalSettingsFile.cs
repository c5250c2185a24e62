using System.Text.Json;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Reads the <c>Values</c> of <c>local.settings.json</c>, where <c>__</c> stands for <c>:</c>.</summary>
internal static class LocalSettingsFile
{
    public const string FileName = "local.settings.json";

    private static readonly JsonDocumentOptions Options = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <exception cref="StartupException">The file is not JSON, is encrypted, or a value is not a text.</exception>
    public static IReadOnlyDictionary<string, string?> Read(string path)
    {
        if (!File.Exists(path))
        {
            return new Dictionary<string, string?>();
        }

        try
        {
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path), Options);
            if (json.RootElement.TryGetProperty("IsEncrypted", out JsonElement encrypted) && encrypted.ValueKind == JsonValueKind.True)
            {
                throw new StartupException(
                    $"{path} is encrypted: run 'func settings decrypt', or set the values as environment variables.");
            }

            return json.RootElement.TryGetProperty("Values", out JsonElement values)
                ? values.EnumerateObject().ToDictionary(
                    v => v.Name.Replace(
                        "__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), Text, StringComparer.OrdinalIgnoreCase)
                : new Dictionary<string, string?>();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new StartupException(
                $"{path} cannot be read: {e.Message} It needs an object \"Values\" of names and texts (local.settings.sample.json shows it).");
        }
    }

    private static string? Text(JsonProperty value) => value.Value.ValueKind switch
    {
        JsonValueKind.String => value.Value.GetString(),
        JsonValueKind.Null => null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
        _ => throw new InvalidOperationException($"The value of '{value.Name}' is an object or a list."),
    };
}
