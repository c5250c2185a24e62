using Microsoft.DurableTask;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>Somebody waits for an external event.</summary>
internal abstract class EventWaiter
{
    /// <summary>False when the waiter has given up, so the event is still to be had.</summary>
    public abstract bool TryDeliver(string? payload, DataConverter converter);
}
