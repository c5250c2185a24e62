using System.Globalization;

namespace SiteMonitor.Sandbox.State;

/// <summary>An entry of an issue's timeline.</summary>
/// <param name="Actor">Login of who did it.</param>
/// <param name="Value">The label, the assignee's login or the new title.</param>
/// <param name="Before">The title before a renaming.</param>
internal sealed record SimulatedEvent(
    long Id, SimulatedEventKind Kind, DateTimeOffset At, string Actor, string Value, string? Before = null)
{
    public string GraphId => NodeId.Of("EV_lADO", Id.ToString(CultureInfo.InvariantCulture));
}

/// <summary>Kinds of timeline entries, named as their types in GitHub's GraphQL schema.</summary>
internal enum SimulatedEventKind
{
    LabeledEvent,
    UnlabeledEvent,
    AssignedEvent,
    UnassignedEvent,
    RenamedTitleEvent,
}
