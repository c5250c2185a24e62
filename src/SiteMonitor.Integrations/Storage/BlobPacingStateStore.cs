using Azure;
using Azure.Storage.Blobs.Models;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores what the processes of a credential have agreed on in one blob each, changed only against its ETag.</summary>
internal sealed class BlobPacingStateStore(LedgerContainer container) : IPacingStateStore
{
    public Task<VersionedPacingState> ReadAsync(string credential, CancellationToken cancellationToken) => StorageFailures.TranslateAsync(
        async () =>
        {
            try
            {
                Response<BlobDownloadResult> found = await (await container.OpenAsync(cancellationToken))
                    .GetBlobClient(NameOf(credential)).DownloadContentAsync(cancellationToken);
                return new VersionedPacingState(
                    PacingState.Parse(found.Value.Content.ToString()), found.Value.Details.ETag.ToString(), TimeOf(found.GetRawResponse()));
            }
            catch (RequestFailedException missing) when (missing is { Status: 404, ErrorCode: "BlobNotFound" })
            {
                return new VersionedPacingState(PacingState.Empty, null, TimeOf(missing.GetRawResponse()));
            }
        },
        cancellationToken);

    public Task<string?> TrySaveAsync(string credential, PacingState state, string? version, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync(
            () => new VersionedBlob(container, NameOf(credential)).TryWriteAsync(state.ToJson(), version, cancellationToken),
            cancellationToken);

    private static string NameOf(string credential) => $"pacing/{credential}.json";

    /// <summary>The service's clock, in whole seconds.</summary>
    private static DateTimeOffset TimeOf(Response? response) => response?.Headers.Date ?? TimeProvider.System.GetUtcNow();
}
