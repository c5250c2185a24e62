using System.Globalization;
using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores the repositories' names in the embedded host's SQLite file, guarded by the version that was read.</summary>
internal sealed class SqliteRepositoryNameStore(LocalDatabase database) : IRepositoryNameStore
{
    public async Task<StoredRepositories?> ReadAsync(CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT version, json FROM repository_names WHERE id = 1";
        using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StoredRepositories(
                RepositoryNamesJson.Read(reader.GetString(1)), reader.GetInt64(0).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    public async Task<bool> SaveAsync(IReadOnlyList<KnownRepository> repositories, string? version, CancellationToken cancellationToken)
    {
        long read = version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture);
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = version is null
            ? "INSERT OR IGNORE INTO repository_names (id, version, json) VALUES (1, $next, $json)"
            : "UPDATE repository_names SET version = $next, json = $json WHERE id = 1 AND version = $read";
        command.Parameters.AddWithValue("$next", read + 1);
        command.Parameters.AddWithValue("$read", read);
        command.Parameters.AddWithValue("$json", RepositoryNamesJson.Write(repositories));
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }
}
