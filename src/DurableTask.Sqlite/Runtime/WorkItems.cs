using DurableTask.Core;
using DurableTask.Core.History;

namespace DurableTask.Sqlite.Runtime;

/// <summary>A turn of an instance, as the framework's dispatcher sees it.</summary>
internal sealed class TurnWorkItem : TaskOrchestrationWorkItem
{
    /// <param name="inbox">The messages that the turn takes.</param>
    public TurnWorkItem(Instance instance, List<InboxMessage> inbox, IList<HistoryEvent> history)
    {
        (Instance, Inbox, InstanceId) = (instance, inbox, instance.Id);
        OrchestrationRuntimeState = new OrchestrationRuntimeState(history) { Status = instance.CustomStatus };
        NewMessages = [.. inbox.Select(m => m.Message)];
        LockedUntilUtc = DateTime.MaxValue;
    }

    public Instance Instance { get; }

    public List<InboxMessage> Inbox { get; }

    public override bool RestoreOriginalRuntimeStateDuringCompletion => false;
}

/// <summary>A run of an activity.</summary>
internal sealed class ActivityRun : TaskActivityWorkItem
{
    public ActivityRun(Instance instance, TaskMessage message)
    {
        (Instance, Id, TaskMessage, LockedUntilUtc) = (instance, instance.Id, message, DateTime.MaxValue);
    }

    public Instance Instance { get; }
}
