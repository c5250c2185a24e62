using System.Text.Json;

namespace SiteMonitor.Cli.Api;

/// <summary>Holds what a host on this machine writes to its data directory: its keys and its addresses.</summary>
/// <param name="Sandbox">Address of the host's sandbox; null with the real GitHub.</param>
internal sealed record LocalHostFiles(
    string? FunctionKey, Uri? Url, string? WebhookSecret, string? Repository, string? FlagsFile = null, Uri? Sandbox = null)
{
    public const string DataDirectory = ".sitemonitor";

    private static readonly LocalHostFiles None = new(null, null, null, null);

    /// <summary>Reads the files of <c>.sitemonitor</c> in the directory or the nearest directory above it.</summary>
    /// <exception cref="UsageException">A file exists but cannot be read.</exception>
    public static LocalHostFiles Find(string directory)
    {
        for (DirectoryInfo? candidate = new(directory); candidate is not null; candidate = candidate.Parent)
        {
            string dataDirectory = Path.Combine(candidate.FullName, DataDirectory);
            if (Directory.Exists(dataDirectory))
            {
                return Read(dataDirectory);
            }
        }

        return None;
    }

    public static LocalHostFiles Read(string dataDirectory)
    {
        JsonElement? keys = ReadJson(Path.Combine(dataDirectory, "keys.json"));
        JsonElement? running = ReadJson(Path.Combine(dataDirectory, "running.json"));
        return new LocalHostFiles(
            GetString(keys, "functionKey"),
            Uri.TryCreate(GetString(running, "url"), UriKind.Absolute, out Uri? url) ? url : null,
            GetString(running, "webhookSecret"),
            GetString(running, "repository"),
            GetString(running, "flagsFile"),
            Uri.TryCreate(GetString(running, "sandbox"), UriKind.Absolute, out Uri? sandbox) ? sandbox : null);
    }

    private static JsonElement? ReadJson(string path)
    {
        try
        {
            return File.Exists(path) ? JsonElement.Parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message} Pass --url and --key instead.");
        }
    }

    private static string? GetString(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } element
        && element.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
