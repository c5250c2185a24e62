using System.Globalization;
using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores the rollout's state and audit log in the host's SQLite file, in one transaction guarded by the version read.</summary>
internal sealed class SqliteRolloutStore(LocalDatabase database) : IRolloutStore
{
    public async Task<StoredState?> ReadAsync(CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT version, json FROM rollout WHERE id = 1";
        using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new StoredState(
                RolloutJson.Read<RolloutState>(reader.GetString(1)), reader.GetInt64(0).ToString(CultureInfo.InvariantCulture))
            : null;
    }

    public async Task<string?> SaveAsync(RolloutState state, IReadOnlyList<AuditEntry> entries, string? version,
    CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        long read = version is null ? 0 : long.Parse(version, CultureInfo.InvariantCulture);
        using SqliteCommand save = connection.CreateCommand();
        save.Transaction = transaction;
        save.CommandText = version is null
            ? "INSERT OR IGNORE INTO rollout (id, version, json) VALUES (1, $next, $json)"
            : "UPDATE rollout SET version = $next, json = $json WHERE id = 1 AND version = $read";
        save.Parameters.AddWithValue("$next", read + 1);
        save.Parameters.AddWithValue("$read", read);
        save.Parameters.AddWithValue("$json", RolloutJson.Write(state));
        if (await save.ExecuteNonQueryAsync(cancellationToken) == 0)
        {
            return null;
        }

        foreach (AuditEntry entry in entries)
        {
            using SqliteCommand audit = connection.CreateCommand();
            audit.Transaction = transaction;
            audit.CommandText = "INSERT INTO rollout_audit (sequence, json) VALUES ($sequence, $json)";
            audit.Parameters.AddWithValue("$sequence", entry.Sequence);
            audit.Parameters.AddWithValue("$json", RolloutJson.Write(entry));
            await audit.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return (read + 1).ToString(CultureInfo.InvariantCulture);
    }

    public async Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(int limit, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT json FROM rollout_audit ORDER BY sequence DESC LIMIT $limit";
        command.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        List<AuditEntry> entries = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(RolloutJson.Read<AuditEntry>(reader.GetString(0)));
        }

        entries.Reverse();
        return entries;
    }
}
