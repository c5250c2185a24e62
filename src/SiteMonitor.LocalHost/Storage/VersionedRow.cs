using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>A JSON document in one row, changed only against the version that was read.</summary>
/// <param name="table">Has the columns <c>version</c> and <c>json</c>.</param>
/// <param name="keyColumn">The primary key, of which <paramref name="key"/> is a value.</param>
internal sealed class VersionedRow(string table, string keyColumn, object key)
{
    /// <summary>Reads the document and its version; null before the first write.</summary>
    public async Task<(string Json, string Version)?> ReadAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT version, json FROM {table} WHERE {keyColumn} = $key";
        command.Parameters.AddWithValue("$key", key);
        using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetString(1), reader.GetInt64(0).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    /// <summary>Writes the document if nobody wrote since that version was read.</summary>
    /// <param name="version">Null for the first write.</param>
    /// <returns>The new version; null when another write was first.</returns>
    public async Task<string?> TryWriteAsync(
        SqliteConnection connection, string json, string? version, CancellationToken cancellationToken,
        SqliteTransaction? transaction = null)
    {
        long read = version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture);
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = version is null
            ? $"INSERT OR IGNORE INTO {table} ({keyColumn}, version, json) VALUES ($key, $next, $json)"
            : $"UPDATE {table} SET version = $next, json = $json WHERE {keyColumn} = $key AND version = $read";
        command.Parameters.AddWithValue("$key", key);
        command.Parameters.AddWithValue("$next", read + 1);
        command.Parameters.AddWithValue("$read", read);
        command.Parameters.AddWithValue("$json", json);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0
            ? (read + 1).ToString(CultureInfo.InvariantCulture)
            : null;
    }
}
