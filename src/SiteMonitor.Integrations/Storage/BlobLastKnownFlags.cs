using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores the last known flags in a blob, for instances that start during an outage of App Configuration.</summary>
internal sealed partial class BlobLastKnownFlags(LedgerContainer container, ILogger<BlobLastKnownFlags> logger) : ILastKnownFlags
{
    private const string Name = "flags/last-known.json";

    public async Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await StorageFailures.TranslateAsync(() => ReadAsync(cancellationToken), cancellationToken);
        }
        catch (Exception failure) when (failure is PipelineException or JsonException)
        {
            Log.NotRead(logger, failure.Message);
            return null;
        }
    }

    public async Task SaveAsync(FlagSnapshot snapshot, CancellationToken cancellationToken)
    {
        try
        {
            await StorageFailures.TranslateAsync(
                async () => await (await container.OpenAsync(cancellationToken)).GetBlobClient(Name)
                    .UploadAsync(BinaryData.FromString(LastKnownFlagsJson.Write(snapshot)), overwrite: true, cancellationToken),
                cancellationToken);
        }
        catch (PipelineException failure)
        {
            Log.NotKept(logger, failure.Message);
        }
    }

    private async Task<FlagSnapshot?> ReadAsync(CancellationToken cancellationToken)
    {
        BlobClient blob = (await container.OpenAsync(cancellationToken)).GetBlobClient(Name);
        try
        {
            return await LastKnownFlagsJson.ReadAsync((await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToString());
        }
        catch (RequestFailedException missing) when (missing is { Status: 404, ErrorCode: "BlobNotFound" })
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(4111, LogLevel.Warning, "The last known flags could not be read: {Problem}")]
        public static partial void NotRead(ILogger logger, string problem);

        [LoggerMessage(4112, LogLevel.Warning, "The flags could not be saved for a restart during an outage: {Problem}")]
        public static partial void NotKept(ILogger logger, string problem);
    }
}
