using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>Stores the rollout's state and audit log in the host's SQLite file, in one transaction guarded by the version read.</summary>
internal sealed class SqliteRolloutStore(LocalDatabase database) : IRolloutStore
{
    private static readonly VersionedRow Row = new("rollout", "id", 1);

    public async Task<StoredState?> ReadAsync(CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        return await Row.ReadAsync(connection, cancellationToken) is var (json, version)
            ? new StoredState(RolloutJson.Read<RolloutState>(json), version)
            : null;
    }

    public async Task<string?> SaveAsync(
        RolloutState state, IReadOnlyList<AuditEntry> entries, string? version, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (await Row.TryWriteAsync(connection, RolloutJson.Write(state), version, cancellationToken, transaction) is not { } saved)
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
        return saved;
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
