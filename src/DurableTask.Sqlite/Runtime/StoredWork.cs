using DurableTask.Core;
using DurableTask.Core.History;
using DurableTask.Sqlite.Storage;

namespace DurableTask.Sqlite.Runtime;

/// <summary>An unfinished instance as found in the database, with the work that its history left open.</summary>
internal sealed record StoredInstance(Instance Instance)
{
    public List<TaskMessage> Activities { get; } = [];

    public List<(TimerFiredEvent Fired, DateTime CreatedAt)> Timers { get; } = [];
}

/// <summary>Everything unfinished that a database holds.</summary>
internal sealed record StoredWork(
    long LastKey, long LastSequence, List<StoredInstance> Instances, List<(long Key, InboxMessage Message)> Messages)
{
    /// <exception cref="StorageException">A history is damaged; the message names the instance.</exception>
    public static StoredWork Read(SqliteDatabase database)
    {
        ReadConnection connection = new(database);
        List<StoredInstance> instances = [];
        Dictionary<long, string> ids = [];
        foreach (InstanceRow row in connection.Unfinished())
        {
            instances.Add(Read(row, connection));
            ids.Add(row.Key, row.Id);
        }

        List<(long, InboxMessage)> messages = [];
        foreach ((long sequence, long key, string? executionId, HistoryEvent step) in connection.Inbox())
        {
            if (ids.TryGetValue(key, out string? id))
            {
                OrchestrationInstance receiver = new() { InstanceId = id, ExecutionId = executionId };
                messages.Add((key, new InboxMessage(new TaskMessage { OrchestrationInstance = receiver, Event = step }, sequence)));
            }
        }

        long lastKey = database.Scalar("SELECT max(key) FROM instances");
        long lastSequence = database.Scalar("SELECT max(sequence) FROM inbox");
        return new StoredWork(lastKey, lastSequence, instances, messages);
    }

    private static StoredInstance Read(InstanceRow row, ReadConnection connection)
    {
        try
        {
            (List<HistoryEvent> events, long lastRow) = connection.History(row.Key);
            Instance instance = new(row.Key, row.Start)
            {
                History = events,
                LastRow = lastRow,
                Status = row.Status,
                CustomStatus = row.CustomStatus,
                Time = row.Updated,
            };
            StoredInstance found = new(instance);
            FindOpenWork(events, found);
            return found;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or InvalidCastException)
        {
            throw new StorageException(11, $"The history of instance '{row.Id}' is damaged: {failure.Message}");
        }
    }

    private static void FindOpenWork(List<HistoryEvent> events, StoredInstance found)
    {
        Dictionary<int, TaskScheduledEvent> activities = [];
        Dictionary<int, TimerCreatedEvent> timers = [];
        foreach (HistoryEvent step in events)
        {
            switch (step)
            {
                case TaskScheduledEvent scheduled:
                    activities[scheduled.EventId] = scheduled;
                    break;
                case TaskCompletedEvent completed:
                    activities.Remove(completed.TaskScheduledId);
                    break;
                case TaskFailedEvent failed:
                    activities.Remove(failed.TaskScheduledId);
                    break;
                case TimerCreatedEvent created:
                    timers[created.EventId] = created;
                    break;
                case TimerFiredEvent fired:
                    timers.Remove(fired.TimerId);
                    break;
            }
        }

        OrchestrationInstance instance = found.Instance.Start.OrchestrationInstance;
        found.Activities.AddRange(activities.Values.Select(a => new TaskMessage { OrchestrationInstance = instance, Event = a }));
        found.Timers.AddRange(timers.Values.Select(t => (new TimerFiredEvent(-1) { TimerId = t.EventId, FireAt = t.FireAt }, t.Timestamp)));
    }
}
