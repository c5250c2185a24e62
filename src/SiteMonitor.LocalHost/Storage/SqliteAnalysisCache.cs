using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Analysis;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores model answers by content hash in the embedded host's SQLite file.</summary>
internal sealed class SqliteAnalysisCache(LocalDatabase database) : IAnalysisCache
{
    public async Task<string?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = database.Open();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT answer FROM analyses WHERE key = $key";
        command.Parameters.AddWithValue("$key", key);
        return await command.ExecuteScalarAsync(cancellationToken) as string;
    }

    public async Task StoreAsync(string key, string json, CancellationToken cancellationToken)
    {
        await using SqliteConnection connection = database.Open();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT INTO analyses (key, answer) VALUES ($key, $answer) "
            + "ON CONFLICT (key) DO UPDATE SET answer = excluded.answer";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$answer", json);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
