using System.Text.Json;
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
            return await LastKnownFlagsJson.ReadAsync(await File.ReadAllTextAsync(path, cancellationToken));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            Log.CannotLoad(logger, path, e.Message);
            return null;
        }
    }

    public async Task SaveAsync(FlagSnapshot snapshot, CancellationToken cancellationToken)
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

        [LoggerMessage(4011, LogLevel.Warning, "The flags could not be saved to {Path} for a restart during an outage: {Problem}")]
        public static partial void CannotKeep(ILogger logger, string path, string problem);
    }
}
