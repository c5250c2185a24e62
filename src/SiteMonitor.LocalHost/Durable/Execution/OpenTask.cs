using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>An activity, a timer or a sub-orchestration that has been asked for and has not ended.</summary>
internal sealed class OpenTask(HistoryEvent action)
{
    /// <summary>Continuations run inside the turn that completes it.</summary>
    public TaskCompletionSource<string?> Source { get; } = new();

    public HistoryEvent Action { get; } = action;
}
