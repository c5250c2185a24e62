using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Data.Sqlite;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>
/// Stores the run ledger in the embedded host's SQLite file; a run id that exists is not appended again. Figures over a span are read from
/// a cache, which is compared with the file at each query: records are only ever added, so the same number of them is the same records.
/// </summary>
internal sealed class SqliteRunLedger(LocalDatabase database) : IRunLedger, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private LedgerCache? _cache;

    public async Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken)
    {
        using SqliteConnection connection = database.Open();
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
            _cache?.Add(record);
        }

        return isNew;
    }

    public async IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // One issue or one run is found by an index; a query without a start would need the whole ledger in memory.
        if (query is { From: { } from, Issue: null, RunId: null })
        {
            LedgerCache cache = await ReadCacheAsync(from, cancellationToken);
            foreach (RunRecord record in cache.Query(query))
            {
                yield return record;
            }

            yield break;
        }

        await foreach (RunRecord record in ReadAsync(query, cancellationToken))
        {
            yield return record;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<LedgerCache> ReadCacheAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_cache is not { } cache || from < cache.From)
            {
                return await LoadAsync(from, cancellationToken);
            }

            if (Count(cache.From) != cache.Count)
            {
                await AddMissingAsync(cache, cancellationToken);
            }

            return cache;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Reads everything that started at or after the time; what is appended meanwhile is missing and found by its count.</summary>
    private async Task<LedgerCache> LoadAsync(DateTimeOffset from, CancellationToken cancellationToken)
    {
        LedgerCache cache = new(from);
        await foreach (RunRecord record in ReadAsync(new LedgerQuery(From: from), cancellationToken))
        {
            cache.Add(record);
        }

        _cache = cache;
        return cache;
    }

    private async Task AddMissingAsync(LedgerCache cache, CancellationToken cancellationToken)
    {
        List<string> missing = [];
        using (SqliteConnection connection = database.Open())
        using (SqliteCommand command = connection.CreateCommand())
        {
            command.CommandText = "SELECT run_id FROM runs WHERE started >= $from";
            command.Parameters.AddWithValue("$from", cache.From.UtcTicks);
            using SqliteDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.GetString(0) is { } id && !cache.Contains(id))
                {
                    missing.Add(id);
                }
            }
        }

        foreach (string id in missing)
        {
            await foreach (RunRecord record in ReadAsync(new LedgerQuery(RunId: id), cancellationToken))
            {
                cache.Add(record);
            }
        }
    }

    private long Count(DateTimeOffset from)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM runs WHERE started >= $from";
        command.Parameters.AddWithValue("$from", from.UtcTicks);
        return (long)command.ExecuteScalar()!;
    }

    private async IAsyncEnumerable<RunRecord> ReadAsync(LedgerQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
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
