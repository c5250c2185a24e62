using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.Storage;

/// <summary>Stores the repositories' names in one blob, changed only against its ETag.</summary>
internal sealed class BlobRepositoryNameStore(LedgerContainer container) : IRepositoryNameStore
{
    private readonly VersionedBlob _blob = new(container, "repositories.json");

    public Task<StoredRepositories?> ReadAsync(CancellationToken cancellationToken) => StorageFailures.TranslateAsync(
        async () => await _blob.ReadAsync(cancellationToken) is var (json, version)
            ? new StoredRepositories(RepositoryNamesJson.Read(json), version)
            : null,
        cancellationToken);

    public Task<bool> SaveAsync(IReadOnlyList<KnownRepository> repositories, string? version, CancellationToken cancellationToken) =>
        StorageFailures.TranslateAsync(
            async () => await _blob.TryWriteAsync(RepositoryNamesJson.Write(repositories), version, cancellationToken) is not null,
            cancellationToken);
}
