using System.Text.Json;

namespace SiteMonitor.Cli.Api;

/// <summary>What a host on this machine leaves in its data directory for the command line: its keys, and where it listens.</summary>
internal sealed record LocalHostFiles(string? FunctionKey, Uri? Url, string? WebhookSecret, string? Repository)
{
    public const string DataDirectory = ".sitemonitor";

    private static readonly LocalHostFiles None = new(null, null, null, null);

    /// <summary>Looks for <c>.sitemonitor</c> in this directory and upwards.</summary>
    /// <exception cref="UsageException">A file is there but cannot be read.</exception>
    public static LocalHostFiles Find(string directory)
    {
        for (DirectoryInfo? at = new(directory); at is not null; at = at.Parent)
        {
            string data = Path.Combine(at.FullName, DataDirectory);
            if (Directory.Exists(data))
            {
                return Read(data);
            }
        }

        return None;
    }

    public static LocalHostFiles Read(string data)
    {
        JsonElement? keys = Json(Path.Combine(data, "keys.json"));
        JsonElement? running = Json(Path.Combine(data, "running.json"));
        return new LocalHostFiles(
            Text(keys, "functionKey"),
            Uri.TryCreate(Text(running, "url"), UriKind.Absolute, out Uri? url) ? url : null,
            Text(running, "webhookSecret"),
            Text(running, "repository"));
    }

    private static JsonElement? Json(string path)
    {
        try
        {
            return File.Exists(path) ? JsonElement.Parse(File.ReadAllBytes(path)) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new UsageException($"{path} cannot be read: {e.Message} Give --url and --key instead.");
        }
    }

    private static string? Text(JsonElement? json, string name) =>
        json is { ValueKind: JsonValueKind.Object } found && found.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
