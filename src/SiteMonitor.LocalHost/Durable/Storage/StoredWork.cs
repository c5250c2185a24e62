using System.Globalization;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>What a start finds in the database: every instance that has not ended, and what they had told one another.</summary>
internal sealed class StoredWork(SqliteDatabase database)
{
    /// <summary>Of all instances, and of parents that are gone while their children run: a new instance must not be taken for one of those.</summary>
    public long LastKey => Math.Max(
        database.Scalar("SELECT max(key) FROM instances"),
        database.Scalar("SELECT max(parent_key) FROM instances WHERE status IN (0, 6, 7)"));

    public long LastInboxSequence => database.Scalar("SELECT max(seq) FROM inbox");

    /// <summary>In the order of their starts; one pass over the histories.</summary>
    public IEnumerable<StoredInstance> Unfinished()
    {
        using SqliteStatement instances = database.Prepare($"SELECT {ReadSession.Payloads} FROM instances WHERE status IN (0, 6, 7) ORDER BY key");
        using SqliteStatement history = database.Prepare("SELECT id, events FROM history WHERE id >= ?1 AND id < ?2 ORDER BY id");
        while (instances.Step())
        {
            InstanceRecord record = ReadSession.Read(instances, payloads: true);
            List<HistoryEvent> events = [];
            int turns = 0;
            history.Bind(1, record.Key * Schema.TurnsPerInstance).Bind(2, (record.Key + 1) * Schema.TurnsPerInstance);
            while (history.Step())
            {
                Read(record.Id, history.Blob(1), events);
                turns = (int)(history.Int64(0) % Schema.TurnsPerInstance) + 1;
            }

            yield return new StoredInstance(record, events, turns);
        }
    }

    private static void Read(string instanceId, ReadOnlySpan<byte> turn, List<HistoryEvent> events)
    {
        try
        {
            HistoryCodec.Read(turn, events);
        }
        catch (Exception damage) when (damage is IndexOutOfRangeException or ArgumentException)
        {
            throw new StorageException(11, $"The history of instance '{instanceId}' is damaged. Restore the database from a copy, or start with another file.");
        }
    }

    public List<InboxRow> Inbox()
    {
        using SqliteStatement statement = database.Prepare("SELECT seq, key, generation, event FROM inbox ORDER BY seq");
        List<InboxRow> rows = [];
        List<HistoryEvent> events = [];
        while (statement.Step())
        {
            events.Clear();
            HistoryCodec.Read(statement.Blob(3), events);
            rows.Add(new InboxRow(statement.Int64(0), statement.Int64(1), (int)statement.Int64(2), events[0]));
        }

        return rows;
    }

    /// <summary>Messages to instances that have ended meanwhile are of no use to anybody.</summary>
    public void ForgetInbox(IEnumerable<long> sequences)
    {
        database.Execute("BEGIN IMMEDIATE");
        foreach (long sequence in sequences)
        {
            database.Execute(string.Create(CultureInfo.InvariantCulture, $"DELETE FROM inbox WHERE seq = {sequence}"));
        }

        database.Execute("COMMIT");
    }
}
