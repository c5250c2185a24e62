using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores the repositories' names in one blob, changed only against its ETag.</summary>
internal sealed class BlobRepositoryNameStore(LedgerContainer container) : IRepositoryNameStore
{
    private const string Blob = "repositories.json";

    public Task<StoredRepositories?> ReadAsync(CancellationToken cancellationToken) => StorageFailures.TranslateAsync<StoredRepositories?>(
        async () =>
        {
            BlobClient blob = (await container.OpenAsync(cancellationToken)).GetBlobClient(Blob);
            try
            {
                BlobDownloadResult found = await blob.DownloadContentAsync(cancellationToken);
                return new StoredRepositories(RepositoryNamesJson.Read(found.Content.ToString()), found.Details.ETag.ToString());
            }
            catch (RequestFailedException missing) when (missing is { Status: 404, ErrorCode: "BlobNotFound" })
            {
                return null;
            }
        },
        cancellationToken);

    public Task<bool> SaveAsync(IReadOnlyList<KnownRepository> repositories, string? version, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync(
            async () =>
            {
                BlobClient blob = (await container.OpenAsync(cancellationToken)).GetBlobClient(Blob);
                BlobUploadOptions options = new()
                {
                    Conditions = version is null
                        ? new BlobRequestConditions { IfNoneMatch = ETag.All }
                        : new BlobRequestConditions { IfMatch = new ETag(version) },
                    HttpHeaders = new BlobHttpHeaders { ContentType = "application/json" },
                };
                try
                {
                    await blob.UploadAsync(BinaryData.FromString(RepositoryNamesJson.Write(repositories)), options, cancellationToken);
                    return true;
                }
                catch (RequestFailedException refused) when (
                    refused.Status == 412 || refused is { Status: 409, ErrorCode: "BlobAlreadyExists" })
                {
                    return false;
                }
            },
            cancellationToken);
}
