using System.Globalization;
using Microsoft.Data.Sqlite;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores the pacing of each credential in the embedded host's SQLite file: a restarted host knows what it has used.</summary>
/// <param name="time">The clock by which requests are paced.</param>
internal sealed class SqlitePacingStateStore(LocalDatabase database, TimeProvider time) : IPacingStateStore
{
    public async Task<VersionedPacingState> ReadAsync(string credential, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT version, json FROM write_budgets WHERE credential = $credential";
        command.Parameters.AddWithValue("$credential", credential);
        using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        DateTimeOffset now = time.GetUtcNow();
        return await reader.ReadAsync(cancellationToken)
            ? new VersionedPacingState(
                PacingState.Parse(reader.GetString(1)), reader.GetInt64(0).ToString(CultureInfo.InvariantCulture), now)
            : new VersionedPacingState(PacingState.Empty, null, now);
    }

    public async Task<string?> TrySaveAsync(
        string credential, PacingState state, string? version, CancellationToken cancellationToken)
    {
        long read = version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture);
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = version is null
            ? "INSERT OR IGNORE INTO write_budgets (credential, version, json) VALUES ($credential, $next, $json)"
            : "UPDATE write_budgets SET version = $next, json = $json WHERE credential = $credential AND version = $read";
        command.Parameters.AddWithValue("$credential", credential);
        command.Parameters.AddWithValue("$next", read + 1);
        command.Parameters.AddWithValue("$read", read);
        command.Parameters.AddWithValue("$json", state.ToJson());
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0
            ? (read + 1).ToString(CultureInfo.InvariantCulture)
            : null;
    }
}
