using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Core.Query;

namespace DurableTask.Sqlite.Storage;

/// <summary>An instance as the database holds it.</summary>
internal sealed record InstanceRow(long Key, ExecutionStartedEvent Start, OrchestrationState State);

/// <summary>The statements over the tables of <see cref="Schema"/>.</summary>
internal static class InstanceStore
{
    /// <summary>
    /// Rows of <c>history</c> that one execution may have: a row's id is the instance's key times this plus the row's number.
    /// </summary>
    public const long RowsPerInstance = 1L << 20;

    public static readonly OrchestrationStatus[] Terminal =
        [OrchestrationStatus.Completed, OrchestrationStatus.Failed, OrchestrationStatus.Terminated, OrchestrationStatus.Canceled];

    private const string Select =
        "SELECT i.key, i.id, i.status, i.created, i.updated, i.output, i.custom_status, h.events "
        + "FROM instances i JOIN history h ON h.id = i.key << 20";

    public static bool IsTerminal(this OrchestrationStatus status) => Terminal.Contains(status);

    /// <summary>Adds a pending instance in the place of a finished one of the same id.</summary>
    public static void Insert(this SqliteDatabase database, long key, ExecutionStartedEvent start)
    {
        (string id, string execution) = (start.OrchestrationInstance.InstanceId, start.OrchestrationInstance.ExecutionId);
        database.Query("SELECT key FROM instances WHERE id = ?1", row => row.Int64(0), id).ForEach(database.Delete);
        database.Run(
            "INSERT INTO instances(key, id, execution, status, created, updated) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
            key, id, execution, (long)OrchestrationStatus.Pending, start.Timestamp.Ticks);
        database.Append(key, 0, EventWriter.Encode(start));
    }

    public static void Update(this SqliteDatabase database, long key, OrchestrationRuntimeState state, DateTime time) => database.Run(
        "UPDATE instances SET execution = ?2, status = ?3, updated = ?4, output = ?5, custom_status = ?6 WHERE key = ?1",
        key, state.OrchestrationInstance!.ExecutionId, (long)state.OrchestrationStatus, time.Ticks, state.Output, state.Status);

    public static void Append(this SqliteDatabase database, long key, long row, byte[] events) =>
        database.Run("INSERT INTO history(id, events) VALUES (?1, ?2)", (key * RowsPerInstance) + row, events);

    public static void ReplaceStart(this SqliteDatabase database, long key, byte[] start) =>
        database.Run("UPDATE history SET events = ?2 WHERE id = ?1", key * RowsPerInstance, start);

    public static void DeleteHistory(this SqliteDatabase database, long key) => database.Run(
        "DELETE FROM history WHERE id >= ?1 AND id < ?2", key * RowsPerInstance, (key + 1) * RowsPerInstance);

    public static void Send(this SqliteDatabase database, long sequence, long key, TaskMessage message) => database.Run(
        "INSERT INTO inbox(sequence, key, execution, event) VALUES (?1, ?2, ?3, ?4)",
        sequence, key, message.OrchestrationInstance.ExecutionId, EventWriter.Encode(message.Event));

    public static void Receive(this SqliteDatabase database, long sequence) =>
        database.Run("DELETE FROM inbox WHERE sequence = ?1", sequence);

    public static void DeleteInbox(this SqliteDatabase database, long key) => database.Run("DELETE FROM inbox WHERE key = ?1", key);

    public static void Delete(this SqliteDatabase database, long key)
    {
        database.DeleteHistory(key);
        database.DeleteInbox(key);
        database.Run("DELETE FROM instances WHERE key = ?1", key);
    }

    /// <summary>Deletes a page of finished instances. Returns how many they were.</summary>
    public static int Purge(this SqliteDatabase database, PurgeInstanceFilter filter, DateTime endedBy, int page)
    {
        List<long> keys = database.Query(
            "SELECT key FROM instances WHERE (?1 >> status) & 1 AND created BETWEEN ?2 AND ?3 AND updated <= ?4 LIMIT ?5",
            row => row.Int64(0),
            Mask(filter.RuntimeStatus, Terminal), filter.CreatedTimeFrom.Ticks, Ticks(filter.CreatedTimeTo, long.MaxValue), endedBy.Ticks,
            (long)page);
        keys.ForEach(database.Delete);
        return keys.Count;
    }

    /// <summary>Returns the state of an instance before its first turn.</summary>
    public static OrchestrationState CreatePendingState(ExecutionStartedEvent start) => new()
    {
        OrchestrationInstance = start.OrchestrationInstance,
        ParentInstance = start.ParentInstance,
        Name = start.Name,
        Version = start.Version,
        Tags = start.Tags,
        Input = start.Input,
        ScheduledStartTime = start.ScheduledStartTime,
        OrchestrationStatus = OrchestrationStatus.Pending,
        CreatedTime = start.Timestamp,
        LastUpdatedTime = start.Timestamp,
        CompletedTime = DateTime.MaxValue,
    };

    public static InstanceRow? Find(this SqliteDatabase database, string id) =>
        database.Query($"{Select} WHERE i.id = ?1", Read, id).FirstOrDefault();

    /// <summary>Returns the instances that match, in the order of their ids.</summary>
    public static List<InstanceRow> List(this SqliteDatabase database, OrchestrationQuery query) => database.Query(
        $"""
        {Select} WHERE (?1 >> i.status) & 1 AND i.created BETWEEN ?2 AND ?3 AND i.id > ?4
        AND i.id >= ?5 AND i.id <= ?5 || char(1114111) AND substr(i.id, 1, length(?5)) = ?5 ORDER BY i.id LIMIT ?6
        """,
        Read,
        Mask(query.RuntimeStatus, Enum.GetValues<OrchestrationStatus>()), Ticks(query.CreatedTimeFrom, 0),
        Ticks(query.CreatedTimeTo, long.MaxValue), query.ContinuationToken ?? string.Empty, query.InstanceIdPrefix ?? string.Empty,
        (long)query.PageSize);

    public static List<InstanceRow> Unfinished(this SqliteDatabase database) =>
        database.Query($"{Select} WHERE i.status IN (0, 6, 7) ORDER BY i.key", Read);

    /// <summary>Returns the events of an instance and the number of its last row; no events when it has not begun.</summary>
    public static (List<HistoryEvent> Events, long LastRow) History(this SqliteDatabase database, long key, string id)
    {
        List<HistoryEvent> events = [];
        ExecutionStartedEvent? start = null;
        List<long> rows = database.Query("SELECT id, events FROM history WHERE id >= ?1 AND id < ?2 ORDER BY id", ReadRow,
            key * RowsPerInstance, (key + 1) * RowsPerInstance);
        return (events, rows.LastOrDefault() % RowsPerInstance);

        long ReadRow(Row row) => Decode(id, () =>
        {
            if (row.Int64(0) % RowsPerInstance == 0)
            {
                start = (ExecutionStartedEvent)EventReader.ReadOne(row.Blob(1));
            }
            else
            {
                new EventReader(row.Blob(1), start).ReadAll(events);
            }

            return row.Int64(0);
        });
    }

    private static InstanceRow Read(Row row)
    {
        ExecutionStartedEvent start = Decode(row.Text(1)!, () => (ExecutionStartedEvent)EventReader.ReadOne(row.Blob(7)));
        OrchestrationState state = CreatePendingState(start);
        state.OrchestrationStatus = (OrchestrationStatus)row.Int64(2);
        state.CreatedTime = new DateTime(row.Int64(3), DateTimeKind.Utc);
        state.LastUpdatedTime = new DateTime(row.Int64(4), DateTimeKind.Utc);
        state.CompletedTime = state.OrchestrationStatus.IsTerminal() ? state.LastUpdatedTime : DateTime.MaxValue;
        (state.Output, state.Status) = (row.Text(5), row.Text(6));
        return new InstanceRow(row.Int64(0), start, state);
    }

    private static T Decode<T>(string id, Func<T> decode)
    {
        try
        {
            return decode();
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidCastException)
        {
            throw new StorageException(11, $"The history of instance '{id}' is damaged: {failure.Message}");
        }
    }

    private static long Ticks(DateTime? time, long otherwise) => time?.Ticks ?? otherwise;

    /// <summary>Returns a bit for each status that is wanted: all of <paramref name="among"/> when none is named.</summary>
    private static long Mask(IEnumerable<OrchestrationStatus>? wanted, OrchestrationStatus[] among) =>
        (wanted?.Any() is true ? among.Intersect(wanted) : among).Sum(s => 1L << (int)s);
}
