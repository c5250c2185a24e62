using System.Globalization;
using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>The statements of the writer thread, used between <see cref="Begin"/> and <see cref="Commit"/>.</summary>
internal sealed class InstanceStore(SqliteDatabase database, SqliteOrchestrationServiceOptions options) : IDisposable
{
    private readonly SqliteStatement _begin = database.Prepare("BEGIN IMMEDIATE");
    private readonly SqliteStatement _commit = database.Prepare("COMMIT");
    private readonly SqliteStatement _keyOf = database.Prepare("SELECT key FROM instances WHERE id = ?1");

    private readonly SqliteStatement _insert = database.Prepare(
        "INSERT INTO instances(key, id, execution, status, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5)");

    private readonly SqliteStatement _update = database.Prepare(
        "UPDATE instances SET execution = ?2, status = ?3, updated = ?4, output = ?5, custom_status = ?6 WHERE key = ?1");

    private readonly SqliteStatement _append = database.Prepare("INSERT INTO history(id, events) VALUES (?1, ?2)");
    private readonly SqliteStatement _deleteHistory = database.Prepare("DELETE FROM history WHERE id >= ?1 AND id < ?2");
    private readonly SqliteStatement _deleteInstance = database.Prepare("DELETE FROM instances WHERE key = ?1");
    private readonly SqliteStatement _send = database.Prepare("INSERT INTO inbox(sequence, key, execution, event) VALUES (?1, ?2, ?3, ?4)");
    private readonly SqliteStatement _receive = database.Prepare("DELETE FROM inbox WHERE sequence = ?1");
    private readonly SqliteStatement _deleteInbox = database.Prepare("DELETE FROM inbox WHERE key = ?1");
    private readonly EventWriter _events = new();
    private readonly long _pageBytes = database.Scalar("PRAGMA page_size");
    private long? _limit;

    public void Begin()
    {
        if (_limit != options.MaxDatabaseBytes)
        {
            _limit = options.MaxDatabaseBytes;
            long pages = _limit is { } bytes ? Math.Max(1, bytes / _pageBytes) : uint.MaxValue - 1;
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count = {pages}"));
        }

        _begin.Run();
    }

    public void Commit() => _commit.Run();

    public void Rollback()
    {
        if (database.InTransaction)
        {
            database.Execute("ROLLBACK");
        }
    }

    /// <summary>Adds a pending instance in the place of a finished one of the same id.</summary>
    public void Insert(long key, ExecutionStartedEvent start)
    {
        string id = start.OrchestrationInstance.InstanceId;
        if (_keyOf.Bind(1, id).Step())
        {
            long predecessor = _keyOf.Int64(0);
            _keyOf.Reset();
            Delete(predecessor);
        }

        _insert.Bind(1, key).Bind(2, id).Bind(3, start.OrchestrationInstance.ExecutionId).Bind(4, (long)OrchestrationStatus.Pending)
            .Bind(5, start.Timestamp.Ticks).Run();
        AppendStart(key, start);
    }

    public void Update(long key, string executionId, OrchestrationStatus status, DateTime updated, string? output, string? customStatus) =>
        _update.Bind(1, key).Bind(2, executionId).Bind(3, (long)status).Bind(4, updated.Ticks).Bind(5, output).Bind(6, customStatus).Run();

    public void Append(long key, long row, IEnumerable<HistoryEvent> events) =>
        _append.Bind(1, (key * Schema.RowsPerInstance) + row).Bind(2, _events.Encode(events)).Run();

    /// <summary>Replaces the history by that of a new execution.</summary>
    public void Renew(long key, ExecutionStartedEvent start)
    {
        DeleteHistory(key);
        AppendStart(key, start);
    }

    public void Send(long sequence, long key, string? executionId, HistoryEvent message) =>
        _send.Bind(1, sequence).Bind(2, key).Bind(3, executionId).Bind(4, _events.Encode(message)).Run();

    public void Receive(long sequence) => _receive.Bind(1, sequence).Run();

    public void DeleteInbox(long key) => _deleteInbox.Bind(1, key).Run();

    public void Delete(long key)
    {
        DeleteHistory(key);
        DeleteInbox(key);
        _deleteInstance.Bind(1, key).Run();
    }

    public void Dispose()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])
            [_begin, _commit, _keyOf, _insert, _update, _append, _deleteHistory, _deleteInstance, _send, _receive, _deleteInbox])
        {
            statement.Dispose();
        }
    }

    private void AppendStart(long key, ExecutionStartedEvent start) =>
        _append.Bind(1, key * Schema.RowsPerInstance).Bind(2, _events.Encode(start)).Run();

    private void DeleteHistory(long key) =>
        _deleteHistory.Bind(1, key * Schema.RowsPerInstance).Bind(2, (key + 1) * Schema.RowsPerInstance).Run();
}
