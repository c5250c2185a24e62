using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>What is said of an orchestrator that does not do again what its history says, in the words of Durable Functions.</summary>
internal static class NonDeterminism
{
    private const string Type = "DurableTask.Core.Exceptions.NonDeterministicOrchestrationException";
    private const string Prefix = "Non-Deterministic workflow detected: ";
    private const string Suffix = "Was a change made to the orchestrator code after this instance had already started running?";

    /// <summary>Null when the replayed action is the one in the history.</summary>
    public static Failure? Compare(HistoryEvent recorded, HistoryEvent? replayed)
    {
        if (replayed is null)
        {
            return Because(
                $"A previous execution of this orchestration scheduled {A(recorded)} with sequence ID {recorded.TaskId}{AndName(recorded)}, but the current replay execution hasn't (yet?) scheduled this task.");
        }

        if (replayed.Kind != recorded.Kind)
        {
            return Because(
                $"A previous execution of this orchestration scheduled {A(recorded)} with sequence number {recorded.TaskId}{Named(recorded)}, but the current orchestration replay instead produced a {ActionType(replayed)} action{Named(replayed)} with this sequence number.");
        }

        return string.Equals(recorded.Name, replayed.Name, StringComparison.OrdinalIgnoreCase)
            ? null
            : Because(
                $"A previous execution of this orchestration scheduled {A(recorded)} with sequence number {recorded.TaskId}{Named(recorded)}, but the current orchestration replay instead scheduled {A(replayed)}{Named(replayed)} with this sequence number.");
    }

    /// <summary>The replay asks for something of which the complete history knows nothing.</summary>
    public static Failure Unrecorded(HistoryEvent replayed) => Because(
        $"The current orchestration replay scheduled {A(replayed)} with sequence number {replayed.TaskId}{Named(replayed)}, but a previous execution of this orchestration had not scheduled it at this point.");

    private static Failure Because(string reason) => new(Type, $"{Prefix}{reason} {Suffix}", null, null);

    private static string A(HistoryEvent action) => action.Kind switch
    {
        HistoryEventKind.TaskScheduled => "an activity task",
        HistoryEventKind.SubOrchestrationScheduled => "a sub-orchestration task",
        HistoryEventKind.EventSent => "a send event task",
        _ => "a timer task",
    };

    private static string ActionType(HistoryEvent action) => action.Kind switch
    {
        HistoryEventKind.TaskScheduled => "ScheduleTaskOrchestratorAction",
        HistoryEventKind.SubOrchestrationScheduled => "CreateSubOrchestrationAction",
        HistoryEventKind.EventSent => "SendEventOrchestratorAction",
        _ => "CreateTimerOrchestratorAction",
    };

    private static string Named(HistoryEvent action) => action.Name is null ? string.Empty : $" named '{action.Name}'";

    private static string AndName(HistoryEvent action) => action.Name is null ? string.Empty : $" and name '{action.Name}'";
}
