using DurableTask.Core;

namespace DurableTask.Sqlite.Runtime;

/// <summary>A turn of an instance, as the framework's dispatcher sees it.</summary>
internal sealed class TurnWorkItem : TaskOrchestrationWorkItem
{
    public TurnWorkItem(Instance instance, List<InboxMessage> inbox, OrchestrationRuntimeState state)
    {
        Instance = instance;
        Inbox = inbox;
        InstanceId = instance.Id;
        OrchestrationRuntimeState = state;
        NewMessages = [.. inbox.Select(m => m.Message)];
        LockedUntilUtc = DateTime.MaxValue;
    }

    public Instance Instance { get; }

    /// <summary>The messages that the turn takes.</summary>
    public List<InboxMessage> Inbox { get; }

    public override bool RestoreOriginalRuntimeStateDuringCompletion => false;
}

/// <summary>A run of an activity.</summary>
internal sealed class ActivityRun : TaskActivityWorkItem
{
    public ActivityRun(Instance instance, TaskMessage message)
    {
        Instance = instance;
        Id = instance.Id;
        TaskMessage = message;
        LockedUntilUtc = DateTime.MaxValue;
    }

    public Instance Instance { get; }
}
