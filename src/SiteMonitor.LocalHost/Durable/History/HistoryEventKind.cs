namespace SiteMonitor.LocalHost.Durable.History;

/// <summary>What a step of an orchestration was. The numbers are stored: never renumber one.</summary>
internal enum HistoryEventKind : byte
{
    /// <summary>The orchestrator was given new events at <see cref="HistoryEvent.Time"/>, its "now" until the next turn.</summary>
    TurnStarted = 1,
    ExecutionStarted = 2,
    TaskScheduled = 3,
    TaskCompleted = 4,
    TaskFailed = 5,
    SubOrchestrationScheduled = 6,
    SubOrchestrationCompleted = 7,
    SubOrchestrationFailed = 8,
    TimerCreated = 9,
    TimerFired = 10,
    TimerCancelled = 11,
    EventRaised = 12,
    EventSent = 13,
    Suspended = 14,
    Resumed = 15,
    Terminated = 16,
    Completed = 17,
    Failed = 18,
}
