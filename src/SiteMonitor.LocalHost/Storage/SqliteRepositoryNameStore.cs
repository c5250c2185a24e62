using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores the repositories' names in the embedded host's SQLite file, guarded by the version that was read.</summary>
internal sealed class SqliteRepositoryNameStore(LocalDatabase database) : IRepositoryNameStore
{
    private static readonly VersionedRow Row = new("repository_names", "id", 1);

    public async Task<StoredRepositories?> ReadAsync(CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        return await Row.ReadAsync(connection, cancellationToken) is var (json, version)
            ? new StoredRepositories(RepositoryNamesJson.Read(json), version)
            : null;
    }

    public async Task<bool> SaveAsync(IReadOnlyList<KnownRepository> repositories, string? version, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        return await Row.TryWriteAsync(connection, RepositoryNamesJson.Write(repositories), version, cancellationToken) is not null;
    }
}
