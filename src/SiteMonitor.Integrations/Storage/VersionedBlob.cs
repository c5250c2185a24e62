using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace SiteMonitor.Integrations.Storage;

/// <summary>A JSON document in one blob, changed only against the ETag that was read.</summary>
internal sealed class VersionedBlob(LedgerContainer container, string name)
{
    /// <summary>Reads the document and its version; null before the first write.</summary>
    public async Task<(string Json, string Version)?> ReadAsync(CancellationToken cancellationToken)
    {
        BlobClient blob = (await container.OpenAsync(cancellationToken)).GetBlobClient(name);
        try
        {
            BlobDownloadResult found = await blob.DownloadContentAsync(cancellationToken);
            return (found.Content.ToString(), found.Details.ETag.ToString());
        }
        catch (RequestFailedException missing) when (missing is { Status: 404, ErrorCode: "BlobNotFound" })
        {
            return null;
        }
    }

    /// <summary>Writes the document if nobody wrote since that version was read.</summary>
    /// <param name="version">Null for the first write.</param>
    /// <returns>The new version. Null when another write was first, which may be our own whose response was lost.</returns>
    public async Task<string?> TryWriteAsync(string json, string? version, CancellationToken cancellationToken)
    {
        BlobClient blob = (await container.OpenAsync(cancellationToken)).GetBlobClient(name);
        BlobUploadOptions options = new()
        {
            Conditions = version is null
                ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                : new BlobRequestConditions { IfMatch = new ETag(version) },
            HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
        };
        try
        {
            BlobContentInfo written = await blob.UploadAsync(BinaryData.FromString(json), options, cancellationToken);
            return written.ETag.ToString();
        }
        catch (RequestFailedException refused) when (refused.Status == 412 || refused is { Status: 409, ErrorCode: "BlobAlreadyExists" })
        {
            return null;
        }
    }
}
