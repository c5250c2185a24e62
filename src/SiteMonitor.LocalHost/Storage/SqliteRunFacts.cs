using System.Text;
using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.LocalHost.Storage;

/// <summary>
/// Stores the facts of each ledger record in a table beside the ledger, and keeps the newest in memory. A row's position grows with each
/// commit, so new rows are those beyond the last position read, whichever process wrote them and whenever the run started.
/// </summary>
internal sealed class SqliteRunFacts(LocalDatabase database, int capacity) : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private readonly RunFactsCache _cache = new(capacity);
    private bool _isComplete;
    private long _position;

    /// <summary>Inserts the facts of a record in the transaction that inserts the record.</summary>
    public static void Insert(SqliteConnection connection, RunRecord record)
    {
        using MemoryStream bytes = new();
        using (BinaryWriter writer = new(bytes, Encoding.UTF8, leaveOpen: true))
        {
            RunFacts.Write(writer, record);
        }

        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"INSERT INTO {LocalDatabase.FactsTable} (started, facts) VALUES ($started, $facts)";
        command.Parameters.AddWithValue("$started", record.Started.UtcTicks);
        command.Parameters.AddWithValue("$facts", bytes.ToArray());
        command.ExecuteNonQuery();
    }

    public async Task<IReadOnlyList<IRunFacts>> ReadAsync(LedgerQuery query, CancellationToken cancellationToken)
    {
        await _semaphore.WaitAsync(cancellationToken);
        try
        {
            EnsureComplete();
            if (query.From is { } from)
            {
                ReadNew();
                ReadBack(from);
            }
        }
        finally
        {
            _semaphore.Release();
        }

        return _cache.Query(query) ?? ReadWithoutCache(query);
    }

    public void Dispose() => _semaphore.Dispose();

    /// <summary>Derives all facts again if another version of the application has added records without facts in this format.</summary>
    private void EnsureComplete()
    {
        if (_isComplete)
        {
            return;
        }

        using SqliteConnection connection = database.Open();
        using SqliteTransaction transaction = connection.BeginTransaction();
        if (Scalar(connection, "SELECT COUNT(*) FROM runs") != Scalar(connection, $"SELECT COUNT(*) FROM {LocalDatabase.FactsTable}"))
        {
            using SqliteCommand delete = new($"DELETE FROM {LocalDatabase.FactsTable}", connection, transaction);
            delete.ExecuteNonQuery();
            using SqliteCommand select = new("SELECT json FROM runs ORDER BY started, run_id", connection, transaction);
            using SqliteDataReader reader = select.ExecuteReader();
            while (reader.Read())
            {
                Insert(connection, LedgerJson.Read(reader.GetString(0)));
            }
        }

        transaction.Commit();
        _isComplete = true;
    }

    private void ReadNew()
    {
        if (_cache.Floor == DateTimeOffset.MaxValue)
        {
            using SqliteConnection connection = database.Open();
            _position = Scalar(connection, $"SELECT COALESCE(MAX(position), 0) FROM {LocalDatabase.FactsTable}");
            return;
        }

        foreach ((long position, RunFacts facts) in Read("position > $position ORDER BY position", ("$position", _position)))
        {
            _cache.Add(facts);
            _position = position;
        }
    }

    private void ReadBack(DateTimeOffset from)
    {
        if (from < _cache.Floor && !_cache.IsFull)
        {
            _cache.Extend(from,
            [
                .. Read("started >= $from AND started < $floor AND position <= $position ORDER BY started DESC LIMIT $limit",
                    ("$from", from.UtcTicks), ("$floor", _cache.Floor.UtcTicks), ("$position", _position), ("$limit", _cache.Free + 1L))
                    .Select(row => row.Facts),
            ]);
        }
    }

    private IReadOnlyList<IRunFacts> ReadWithoutCache(LedgerQuery query) =>
    [
        .. Read($"started >= $from AND started < $to ORDER BY started {(query.NewestFirst ? "DESC" : "ASC")}",
            ("$from", (query.From ?? DateTimeOffset.MinValue).UtcTicks), ("$to", (query.To ?? DateTimeOffset.MaxValue).UtcTicks))
            .Select(row => row.Facts)
            .Where(query.Matches)
            .Take(query.Limit ?? int.MaxValue),
    ];

    private IEnumerable<(long Position, RunFacts Facts)> Read(string conditions, params (string Name, long Value)[] parameters)
    {
        using SqliteConnection connection = database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = $"SELECT position, facts FROM {LocalDatabase.FactsTable} WHERE {conditions}";
        foreach ((string name, long value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        // One buffer for all rows: an array and a reader for each row would be most of what a query allocates.
        using MemoryStream bytes = new();
        using BinaryReader reader = new(bytes);
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            long length = rows.GetBytes(1, 0, null, 0, 0);
            bytes.SetLength(length);
            rows.GetBytes(1, 0, bytes.GetBuffer(), 0, (int)length);
            bytes.Position = 0;
            yield return (rows.GetInt64(0), _cache.Read(reader));
        }
    }

    private static long Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
