using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>
/// Stores the run ledger in the embedded host's SQLite file; a run id that exists is not appended again. The facts of a record are stored
/// beside it in the same transaction.
/// </summary>
internal sealed class SqliteRunLedger(LocalDatabase database, int factsKept = RunFactsCache.DefaultCapacity) : IRunLedger, IDisposable
{
    private readonly SqliteRunFacts _facts = new(database, factsKept);

    public async Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteTransaction transaction = connection.BeginTransaction();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "INSERT OR IGNORE INTO runs (run_id, kind, issue, phase, started, json) "
            + "VALUES ($id, $kind, $issue, $phase, $started, $json)";
        command.Parameters.AddWithValue("$id", record.RunId);
        command.Parameters.AddWithValue("$kind", WireName.Of(record.Kind));
        command.Parameters.AddWithValue("$issue", record.Issue);
        command.Parameters.AddWithValue("$phase", record.Phase);
        command.Parameters.AddWithValue("$started", record.Started.UtcTicks);
        command.Parameters.AddWithValue("$json", LedgerJson.Write(record));
        bool isNew = await command.ExecuteNonQueryAsync(cancellationToken) > 0;
        if (isNew)
        {
            SqliteRunFacts.Insert(connection, record);
        }

        await transaction.CommitAsync(cancellationToken);
        return isNew;
    }

    public async IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = Select(query, command.Parameters);
        using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return LedgerJson.Read(reader.GetString(0));
        }
    }

    public Task<IReadOnlyList<IRunFacts>> ReadFactsAsync(LedgerQuery query, CancellationToken cancellationToken) =>
        _facts.ReadAsync(query, cancellationToken);

    public void Dispose() => _facts.Dispose();

    private static string Select(LedgerQuery query, SqliteParameterCollection parameters)
    {
        var sql = new StringBuilder("SELECT json FROM runs WHERE 1 = 1");
        Narrow("started >= $from", "$from", query.From?.UtcTicks);
        Narrow("started < $to", "$to", query.To?.UtcTicks);
        Narrow("phase = $phase", "$phase", query.Phase);
        Narrow("issue = $issue", "$issue", query.Issue);
        Narrow("kind = $kind", "$kind", query.Kind is { } kind ? WireName.Of(kind) : null);
        Narrow("run_id = $id", "$id", query.RunId);
        sql.Append(query.NewestFirst ? " ORDER BY started DESC, run_id DESC" : " ORDER BY started, run_id");
        sql.Append(" LIMIT $limit");
        parameters.AddWithValue("$limit", query.Limit ?? -1);
        return sql.ToString();

        void Narrow(string condition, string name, object? value)
        {
            if (value is not null)
            {
                sql.Append(" AND ").Append(condition);
                parameters.AddWithValue(name, value);
            }
        }
    }
}
