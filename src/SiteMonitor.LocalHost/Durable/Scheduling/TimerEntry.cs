using SiteMonitor.LocalHost.Durable.Execution;

namespace SiteMonitor.LocalHost.Durable.Scheduling;

/// <summary>A durable timer, or the delayed start of an instance.</summary>
/// <param name="Order">Tells timers due at the same instant apart: the first created fires first.</param>
internal sealed record TimerEntry(DateTime DueAt, long Order, Instance Instance, InstanceMessage Message) : IComparable<TimerEntry>
{
    public int CompareTo(TimerEntry? other) =>
        other is null ? 1 : DueAt != other.DueAt ? DueAt.CompareTo(other.DueAt) : Order.CompareTo(other.Order);
}
