using Azure;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Analysis;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Caches model responses in blobs by content hash. If the storage fails, the model is asked again.</summary>
internal sealed partial class BlobAnalysisCache(LedgerContainer container, ILogger<BlobAnalysisCache> logger) : IAnalysisCache
{
    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken)
    {
        try
        {
            return await StorageFailures.TranslateAsync(() => ReadAsync(key, cancellationToken), cancellationToken);
        }
        catch (PipelineException failure)
        {
            Log.NotRead(logger, failure.Code);
            return null;
        }
    }

    public async Task StoreAsync(string key, string json, CancellationToken cancellationToken)
    {
        try
        {
            await StorageFailures.TranslateAsync(
                async () => await (await container.OpenAsync(cancellationToken)).GetBlobClient(NameOf(key))
                    .UploadAsync(BinaryData.FromString(json), overwrite: true, cancellationToken),
                cancellationToken);
        }
        catch (PipelineException failure)
        {
            Log.NotKept(logger, failure.Code);
        }
    }

    private async Task<string?> ReadAsync(string key, CancellationToken cancellationToken)
    {
        BlobClient blob = (await container.OpenAsync(cancellationToken)).GetBlobClient(NameOf(key));
        try
        {
            return (await blob.DownloadContentAsync(cancellationToken)).Value.Content.ToString();
        }
        catch (RequestFailedException missing) when (missing is { Status: 404, ErrorCode: "BlobNotFound" })
        {
            return null;
        }
    }

    private static string NameOf(string key) => $"analyses/{Uri.EscapeDataString(key)}.json";

    private static partial class Log
    {
        [LoggerMessage(4101, LogLevel.Warning, "The analysis cache could not be read ({Code}); calling the model instead")]
        public static partial void NotRead(ILogger logger, string code);

        [LoggerMessage(4102, LogLevel.Warning, "An analysis could not be cached ({Code}); the same text will be charged again")]
        public static partial void NotKept(ILogger logger, string code);
    }
}
