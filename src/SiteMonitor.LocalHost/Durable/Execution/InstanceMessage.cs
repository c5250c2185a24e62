using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>Something an instance is told.</summary>
/// <param name="Event">Null only wakes it.</param>
/// <param name="Generation">The execution it is meant for; -1 for whichever runs.</param>
internal sealed record InstanceMessage(HistoryEvent? Event, int Generation = -1)
{
    /// <summary>The row that keeps it until it has been handled; 0 for none.</summary>
    public long InboxSequence { get; init; }

    /// <summary>Completed once it has been handled and that is on disk.</summary>
    public TaskCompletionSource? Handled { get; init; }
}
