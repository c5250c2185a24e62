using System.Buffers;
using System.Globalization;
using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>The writer's statements. Used by the one writer thread only, between <see cref="Begin"/> and <see cref="Commit"/>.</summary>
internal sealed class InstanceStore(SqliteDatabase database, DurableEngineOptions options) : IDisposable
{
    private readonly SqliteStatement _begin = database.Prepare("BEGIN IMMEDIATE");
    private readonly SqliteStatement _commit = database.Prepare("COMMIT");

    private readonly SqliteStatement _insert = database.Prepare(
        """
        INSERT OR IGNORE INTO instances(key, id, name, version, status, generation, created, updated, start_at,
            parent_key, parent_generation, parent_task, parent_id, parent_name, tags, input)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        """);

    private readonly SqliteStatement _keyOf = database.Prepare("SELECT key FROM instances WHERE id = ?1");
    private readonly SqliteStatement _append = database.Prepare("INSERT INTO history(id, events) VALUES (?1, ?2)");
    private readonly SqliteStatement _touch = database.Prepare("UPDATE instances SET status = ?2, updated = ?3 WHERE key = ?1");
    private readonly SqliteStatement _report = database.Prepare("UPDATE instances SET status = ?2, updated = ?3, custom_status = ?4 WHERE key = ?1");
    private readonly SqliteStatement _finish = database.Prepare("UPDATE instances SET status = ?2, updated = ?3, output = ?4 WHERE key = ?1");
    private readonly SqliteStatement _renew = database.Prepare("UPDATE instances SET generation = ?2, version = ?3, input = ?4 WHERE key = ?1");
    private readonly SqliteStatement _forgetHistory = database.Prepare("DELETE FROM history WHERE id >= ?1 AND id < ?2");
    private readonly SqliteStatement _forgetInstance = database.Prepare("DELETE FROM instances WHERE key = ?1");
    private readonly SqliteStatement _send = database.Prepare("INSERT INTO inbox(seq, key, generation, event) VALUES (?1, ?2, ?3, ?4)");
    private readonly SqliteStatement _receive = database.Prepare("DELETE FROM inbox WHERE seq = ?1");
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
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

    /// <summary>Adds an instance, in the place of a finished one of the same id.</summary>
    public void Insert(InstanceRecord instance)
    {
        if (TryInsert(instance))
        {
            return;
        }

        _keyOf.Bind(1, instance.Id).Step();
        long predecessor = _keyOf.Int64(0);
        _keyOf.Reset();
        Purge(predecessor);
        TryInsert(instance);
    }

    public void Append(long key, int turn, IReadOnlyList<HistoryEvent> events)
    {
        _buffer.ResetWrittenCount();
        foreach (HistoryEvent step in events)
        {
            HistoryCodec.Write(_buffer, step);
        }

        _append.Bind(1, (key * Schema.TurnsPerInstance) + turn).Bind(2, _buffer.WrittenSpan).Run();
    }

    public void Touch(long key, OrchestrationRuntimeStatus status, DateTime updated) => _touch.Bind(1, key).Bind(2, (long)status).Bind(3, updated.Ticks).Run();

    public void Report(long key, OrchestrationRuntimeStatus status, DateTime updated, string? customStatus) =>
        _report.Bind(1, key).Bind(2, (long)status).Bind(3, updated.Ticks).Bind(4, customStatus).Run();

    public void Finish(long key, OrchestrationRuntimeStatus status, DateTime updated, string? output) =>
        _finish.Bind(1, key).Bind(2, (long)status).Bind(3, updated.Ticks).Bind(4, output).Run();

    /// <summary>Continues as new: another input, and no history yet.</summary>
    public void Renew(long key, int generation, string version, string? input)
    {
        ForgetHistory(key);
        _renew.Bind(1, key).Bind(2, generation).Bind(3, version).Bind(4, input).Run();
    }

    public void Purge(long key)
    {
        ForgetHistory(key);
        _forgetInstance.Bind(1, key).Run();
    }

    public void Send(InboxRow row)
    {
        _buffer.ResetWrittenCount();
        HistoryCodec.Write(_buffer, row.Event);
        _send.Bind(1, row.Sequence).Bind(2, row.Key).Bind(3, row.Generation).Bind(4, _buffer.WrittenSpan).Run();
    }

    public void Receive(long sequence) => _receive.Bind(1, sequence).Run();

    public void Dispose()
    {
        foreach (SqliteStatement statement in (SqliteStatement[])
            [_begin, _commit, _insert, _keyOf, _append, _touch, _report, _finish, _renew, _forgetHistory, _forgetInstance, _send, _receive])
        {
            statement.Dispose();
        }
    }

    private bool TryInsert(InstanceRecord instance)
    {
        _insert.Bind(1, instance.Key).Bind(2, instance.Id).Bind(3, instance.Name).Bind(4, instance.Version).Bind(5, (long)instance.Status)
            .Bind(6, instance.Generation).Bind(7, instance.Created.Ticks).Bind(8, instance.Updated.Ticks).Bind(9, instance.StartAt?.Ticks)
            .Bind(10, instance.Parent?.Key).Bind(11, (long?)instance.Parent?.Generation).Bind(12, (long?)instance.Parent?.TaskId)
            .Bind(13, instance.Parent?.Id).Bind(14, instance.Parent?.Name).Bind(15, instance.Tags).Bind(16, instance.Input).Run();
        return database.Changes > 0;
    }

    private void ForgetHistory(long key) => _forgetHistory.Bind(1, key * Schema.TurnsPerInstance).Bind(2, (key + 1) * Schema.TurnsPerInstance).Run();
}
