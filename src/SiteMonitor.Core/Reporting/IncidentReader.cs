using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>Lists incidents with their timelines.</summary>
public sealed class IncidentReader(RolloutStateRepository states)
{
    private const int AuditEntriesRead = 1000;

    /// <summary>Returns the open incidents and the last resolved ones, newest first.</summary>
    public async Task<IReadOnlyList<IncidentView>> ListAsync(CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        if (state.Incidents.Count == 0)
        {
            return [];
        }

        IReadOnlyList<AuditEntry> audit = await states.ReadAuditAsync(AuditEntriesRead, cancellationToken);
        return [.. state.Incidents.OrderByDescending(i => i.Opened).Select(i => IncidentView.Create(i, audit))];
    }
}

/// <summary>An incident as the routes show it.</summary>
public sealed record IncidentView
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string Phase { get; init; }

    public required DateTimeOffset Opened { get; init; }

    public required string OpenedBy { get; init; }

    public DateTimeOffset? Acknowledged { get; init; }

    public string? AcknowledgedBy { get; init; }

    public DateTimeOffset? Resolved { get; init; }

    public string? ResolvedBy { get; init; }

    public required bool IsOpen { get; init; }

    /// <summary>What happened, oldest first.</summary>
    public required IReadOnlyList<IncidentEvent> Timeline { get; init; }

    internal static IncidentView Create(Incident incident, IReadOnlyList<AuditEntry> audit)
    {
        // Notes hold the text of an update; the audit log holds the rest.
        IEnumerable<IncidentEvent> notes = incident.Notes.Select(n => new IncidentEvent(n.At, n.By, "note", n.Text));
        IEnumerable<IncidentEvent> audited = audit
            .Where(e => e.What is "incident-opened" or "incident-acknowledged" or "incident-escalated" or "incident-resolved"
                && IsAbout(e, incident.Id))
            .Select(e => new IncidentEvent(e.At, e.Who, e.What["incident-".Length..], e.What == "incident-escalated" ? e.After : e.Reason));
        return new IncidentView
        {
            Id = incident.Id,
            Title = incident.Title,
            Phase = incident.Phase,
            Opened = incident.Opened,
            OpenedBy = incident.OpenedBy,
            Acknowledged = incident.Acknowledged,
            AcknowledgedBy = incident.AcknowledgedBy,
            Resolved = incident.Resolved,
            ResolvedBy = incident.ResolvedBy,
            IsOpen = incident.IsOpen,
            Timeline = [.. audited.Concat(notes).OrderBy(e => e.At)],
        };
    }

    private static bool IsAbout(AuditEntry entry, string id) =>
        entry.After == id || entry.After.StartsWith($"{id} ", StringComparison.Ordinal);
}

/// <summary>One line of an incident's timeline.</summary>
/// <param name="What"><c>opened</c>, <c>acknowledged</c>, <c>escalated</c>, <c>note</c> or <c>resolved</c>.</param>
public sealed record IncidentEvent(DateTimeOffset At, string Who, string What, string Text);

/// <summary>Answer of <c>GET incidents</c>.</summary>
public sealed record IncidentList(IReadOnlyList<IncidentView> Incidents);
