using System.Collections.Concurrent;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Storage;

/// <summary>Reads what is committed, on connections of their own that never wait for the writer. Any thread may call.</summary>
internal sealed class InstanceReader(string path) : IDisposable
{
    private readonly ConcurrentBag<ReadSession> _sessions = [];

    public InstanceRecord? Find(string id, bool payloads) => Use(session => session.Find(id, payloads));

    public InstanceRecord? Find(long key) => Use(session => session.Find(key));

    public (List<HistoryEvent> Events, int Turns) History(long key) => Use(session => session.History(key));

    public EndedPage EndedBy(DateTime time, long after) => Use(session => session.EndedBy(time, after));

    public List<InstanceRecord> List(InstanceFilter filter) => Use(session => session.List(filter));

    public void Dispose()
    {
        while (_sessions.TryTake(out ReadSession? session))
        {
            session.Dispose();
        }
    }

    private T Use<T>(Func<ReadSession, T> read)
    {
        if (!_sessions.TryTake(out ReadSession? session))
        {
            session = new ReadSession(SqliteDatabase.Open(path, readOnly: true));
        }

        try
        {
            T found = read(session);
            _sessions.Add(session);
            return found;
        }
        catch
        {
            // A statement left in the middle of its rows would hold its snapshot, and the log could never be folded in.
            session.Dispose();
            throw;
        }
    }
}
