using System.Globalization;
using System.Text;
using Microsoft.DurableTask.Client;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>One reading connection with its statements; one caller at a time.</summary>
internal sealed class ReadSession(SqliteDatabase database) : IDisposable
{
    private const string Columns = "key, id, name, version, generation, created, status, updated, start_at, parent_key, parent_generation, parent_task, parent_id, parent_name, tags, custom_status";
    public const string Payloads = Columns + ", input, output";

    /// <summary>The condition of the index over the unfinished instances, in its words: SQLite knows it by them.</summary>
    private const string Unfinished = "status IN (0, 6, 7)";

    private const int EndedPageSize = 500;

    private readonly SqliteStatement _byId = database.Prepare($"SELECT {Columns} FROM instances WHERE id = ?1");
    private readonly SqliteStatement _byIdWithPayloads = database.Prepare($"SELECT {Payloads} FROM instances WHERE id = ?1");
    private readonly SqliteStatement _byKey = database.Prepare($"SELECT {Payloads} FROM instances WHERE key = ?1");
    private readonly SqliteStatement _history = database.Prepare("SELECT id, events FROM history WHERE id >= ?1 AND id < ?2 ORDER BY id");

    public InstanceRecord? Find(string id, bool payloads)
    {
        SqliteStatement statement = payloads ? _byIdWithPayloads : _byId;
        return One(statement.Bind(1, id), payloads);
    }

    public InstanceRecord? Find(long key) => One(_byKey.Bind(1, key), payloads: true);

    public (List<HistoryEvent> Events, int Turns) History(long key)
    {
        List<HistoryEvent> events = [];
        int turns = 0;
        _history.Bind(1, key * Schema.TurnsPerInstance).Bind(2, (key + 1) * Schema.TurnsPerInstance);
        while (_history.Step())
        {
            HistoryCodec.Read(_history.Blob(1), events);
            turns = (int)(_history.Int64(0) % Schema.TurnsPerInstance) + 1;
        }

        return (events, turns);
    }

    /// <summary>
    /// In the order of their starts, so that it need not look at the young ones: as many of them in a row as make a page end it
    /// (one alone may be of a time when the clock was wrong).
    /// </summary>
    public EndedPage EndedBy(DateTime time, long after)
    {
        using SqliteStatement statement = database.Prepare($"SELECT key, created <= ?2, updated <= ?2 AND NOT {Unfinished} FROM instances WHERE key > ?1 ORDER BY key");
        statement.Bind(1, after).Bind(2, time.Ticks);
        List<long> ended = [];
        for (int young = 0; young < EndedPageSize && statement.Step();)
        {
            young = statement.Int64(1) == 0 ? young + 1 : 0;
            if (statement.Int64(2) == 0)
            {
                continue;
            }

            ended.Add(statement.Int64(0));
            if (ended.Count == EndedPageSize)
            {
                return new EndedPage(ended, ended[^1]);
            }
        }

        return new EndedPage(ended, Next: null);
    }

    public List<InstanceRecord> List(InstanceFilter filter)
    {
        bool unfinishedOnly = filter.Statuses.Count > 0 && !filter.Statuses.Any(InstanceRecord.IsTerminalStatus);
        string from = unfinishedOnly ? $"instances INDEXED BY instances_active WHERE {Unfinished} AND" : "instances WHERE";
        StringBuilder sql = new($"SELECT {(filter.Payloads ? Payloads : Columns)} FROM {from} id > ?1 AND id >= ?2");
        if (filter.Prefix is not null)
        {
            sql.Append(" AND id <= ?2 || char(1114111) AND substr(id, 1, length(?2)) = ?2");
        }

        Range(sql, "created", filter.CreatedFrom, filter.CreatedTo);
        Range(sql, "updated", filter.UpdatedFrom, filter.UpdatedTo);
        if (filter.Statuses.Count > 0)
        {
            sql.Append(CultureInfo.InvariantCulture, $" AND status IN ({string.Join(',', filter.Statuses.Select(s => (int)s))})");
        }

        sql.Append(CultureInfo.InvariantCulture, $" ORDER BY id LIMIT {filter.Limit}");
        using SqliteStatement statement = database.Prepare(sql.ToString());
        statement.Bind(1, filter.After ?? string.Empty).Bind(2, filter.Prefix ?? string.Empty);
        List<InstanceRecord> found = [];
        while (statement.Step())
        {
            found.Add(Read(statement, filter.Payloads));
        }

        return found;
    }

    public void Dispose()
    {
        _byId.Dispose();
        _byIdWithPayloads.Dispose();
        _byKey.Dispose();
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

    private static InstanceRecord? One(SqliteStatement statement, bool payloads)
    {
        if (!statement.Step())
        {
            return null;
        }

        InstanceRecord found = Read(statement, payloads);
        statement.Reset();
        return found;
    }

    internal static InstanceRecord Read(SqliteStatement row, bool payloads) =>
        new(row.Int64(0), row.Text(1)!, row.Text(2)!, row.Text(3)!, (int)row.Int64(4), Time(row.Int64(5)))
        {
            Status = (OrchestrationRuntimeStatus)row.Int64(6),
            Updated = Time(row.Int64(7)),
            StartAt = row.IsNull(8) ? null : Time(row.Int64(8)),
            Parent = row.IsNull(9) ? null : new InstanceParent(row.Int64(9), (int)row.Int64(10), (int)row.Int64(11), row.Text(12)!, row.Text(13)!),
            Tags = row.Text(14),
            CustomStatus = row.Text(15),
            Input = payloads ? row.Text(16) : null,
            Output = payloads ? row.Text(17) : null,
        };

    private static DateTime Time(long ticks) => new(ticks, DateTimeKind.Utc);
}
