using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Storage;

/// <summary>Reads committed data on connections of its own, which never wait for the writer. Thread-safe.</summary>
internal sealed class InstanceReader(string path) : IDisposable
{
    private readonly ConcurrentBag<ReadConnection> _connections = [];

    public InstanceRow? Find(string id) => Use(connection => connection.Find(id));

    /// <summary>Returns the events of an instance and the number of its last row; no events when it has not begun.</summary>
    public (List<HistoryEvent> Events, long LastRow) History(long key) => Use(connection => connection.History(key));

    public List<InstanceRow> List(InstanceFilter filter) => Use(connection => connection.List(filter));

    public void Dispose()
    {
        while (_connections.TryTake(out ReadConnection? connection))
        {
            connection.Dispose();
        }
    }

    private T Use<T>(Func<ReadConnection, T> read)
    {
        if (!_connections.TryTake(out ReadConnection? connection))
        {
            connection = new ReadConnection(SqliteDatabase.Open(path, readOnly: true));
        }

        try
        {
            T found = read(connection);
            _connections.Add(connection);
            return found;
        }
        catch
        {
            // A statement left in the middle of its rows would hold its snapshot, and the log could never be checkpointed.
            connection.Dispose();
            throw;
        }
    }
}

/// <summary>One reading connection with its prepared statements. Not thread-safe.</summary>
internal sealed class ReadConnection(SqliteDatabase database) : IDisposable
{
    private const string Select =
        "SELECT i.key, i.id, i.status, i.created, i.updated, i.output, i.custom_status, h.events "
        + "FROM instances i JOIN history h ON h.id = i.key << 20";

    private readonly SqliteStatement _byId = database.Prepare($"{Select} WHERE i.id = ?1");
    private readonly SqliteStatement _history = database.Prepare("SELECT id, events FROM history WHERE id >= ?1 AND id < ?2 ORDER BY id");

    public InstanceRow? Find(string id)
    {
        InstanceRow? found = _byId.Bind(1, id).Step() ? Row(_byId) : null;
        _byId.Reset();
        return found;
    }

    public (List<HistoryEvent> Events, long LastRow) History(long key)
    {
        List<HistoryEvent> events = [];
        ExecutionStartedEvent? start = null;
        long last = 0;
        _history.Bind(1, key * Schema.RowsPerInstance).Bind(2, (key + 1) * Schema.RowsPerInstance);
        while (_history.Step())
        {
            last = _history.Int64(0) % Schema.RowsPerInstance;
            if (last == 0)
            {
                start = (ExecutionStartedEvent)EventReader.ReadOne(_history.Blob(1));
            }
            else
            {
                new EventReader(_history.Blob(1), start).ReadAll(events);
            }
        }

        return (events, last);
    }

    public List<InstanceRow> List(InstanceFilter filter)
    {
        StringBuilder sql = new($"{Select} WHERE i.id > ?1 AND i.id >= ?2");
        if (filter.Prefix is not null)
        {
            sql.Append(" AND i.id <= ?2 || char(1114111) AND substr(i.id, 1, length(?2)) = ?2");
        }

        Range(sql, "i.created", filter.CreatedFrom, filter.CreatedTo);
        Range(sql, "i.updated", filter.UpdatedFrom, filter.UpdatedTo);
        if (filter.Statuses.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND i.status IN ({string.Join(',', filter.Statuses.Select(s => (int)s))})");
        }

        sql.Append(CultureInfo.InvariantCulture, $" ORDER BY i.id LIMIT {filter.Limit}");
        using SqliteStatement statement = database.Prepare(sql.ToString());
        return Rows(statement.Bind(1, filter.After ?? string.Empty).Bind(2, filter.Prefix ?? string.Empty));
    }

    public List<InstanceRow> Unfinished()
    {
        using SqliteStatement statement = database.Prepare($"{Select} WHERE i.status IN (0, 6, 7) ORDER BY i.key");
        return Rows(statement);
    }

    /// <summary>Returns the stored messages in the order in which they were sent.</summary>
    public List<(long Sequence, long Key, string? ExecutionId, HistoryEvent Event)> Inbox()
    {
        using SqliteStatement statement = database.Prepare("SELECT sequence, key, execution, event FROM inbox ORDER BY sequence");
        List<(long, long, string?, HistoryEvent)> messages = [];
        while (statement.Step())
        {
            messages.Add((statement.Int64(0), statement.Int64(1), statement.Text(2), EventReader.ReadOne(statement.Blob(3))));
        }

        return messages;
    }

    public void Dispose()
    {
        _byId.Dispose();
        _history.Dispose();
        database.Dispose();
    }

    private static void Range(StringBuilder sql, string column, DateTime? from, DateTime? to)
    {
        if (from is { } first)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND {column} >= {first.Ticks}");
        }

        if (to is { } last)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND {column} <= {last.Ticks}");
        }
    }

    private static List<InstanceRow> Rows(SqliteStatement statement)
    {
        List<InstanceRow> rows = [];
        while (statement.Step())
        {
            rows.Add(Row(statement));
        }

        return rows;
    }

    private static InstanceRow Row(SqliteStatement row)
    {
        string id = row.Text(1)!;
        try
        {
            ExecutionStartedEvent start = (ExecutionStartedEvent)EventReader.ReadOne(row.Blob(7));
            return new InstanceRow(row.Int64(0), id, (OrchestrationStatus)row.Int64(2), Time(row.Int64(3)), Time(row.Int64(4)), start)
            {
                Output = row.Text(5),
                CustomStatus = row.Text(6),
            };
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidCastException)
        {
            throw new StorageException(11, $"The history of instance '{id}' is damaged: {failure.Message}");
        }
    }

    private static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);
}
