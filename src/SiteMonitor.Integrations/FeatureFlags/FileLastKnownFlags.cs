using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Keeps the last known flags in a file.</summary>
internal sealed partial class FileLastKnownFlags(string path, ILogger<FileLastKnownFlags> logger) : ILastKnownFlags
{
    public async Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return LastKnownFlagsJson.Read(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            Log.CannotLoad(logger, path, e.Message);
            return null;
        }
    }

    public async Task KeepAsync(FlagSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await PrivateFile.ReplaceAsync(path, LastKnownFlagsJson.Write(snapshot), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.CannotKeep(logger, path, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4010, LogLevel.Information, "No last known flags in {Path}: {Problem}")]
        public static partial void CannotLoad(ILogger logger, string path, string problem);

        [LoggerMessage(4011, LogLevel.Warning, "The flags could not be stored in {Path} for a restart during an outage: {Problem}")]
        public static partial void CannotKeep(ILogger logger, string path, string problem);
    }
}

/// <summary>The last known flags as JSON: when they were read, and each flag with its ETag.</summary>
internal static class LastKnownFlagsJson
{
    public static string Write(FlagSnapshot snapshot) => new JsonObject
    {
        ["readAt"] = snapshot.ReadAt,
        ["flags"] = new JsonArray(
            [.. snapshot.Flags.Select(f => new JsonObject { ["name"] = f.Flag.Name, ["etag"] = f.ETag, ["json"] = f.Flag.Json })]),
    }.ToJsonString();

    public static FlagSnapshot? Read(string text)
    {
        JsonNode? document = JsonNode.Parse(text);
        return document?["flags"] is JsonArray flags && document["readAt"] is { } readAt
            ? new FlagSnapshot(flags.Select(f => FlagJson.Parse((string)f!["name"]!, (string)f["json"]!, (string)f["etag"]!)),
                readAt.GetValue<DateTimeOffset>())
            : null;
    }
}
