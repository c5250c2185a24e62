using SiteMonitor.Core.Rollout.Guard;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Reporting;

/// <summary>
/// Escalates open incidents to the next contact while nobody acknowledges, and reminds everybody until they are resolved; independently of
/// each other.
/// </summary>
internal static class IncidentFollowUps
{
    /// <param name="chain">The contacts of the escalation, in their order.</param>
    public static void Announce(RolloutEdit edit, IncidentPlan plan, IReadOnlyList<Contact> chain)
    {
        foreach (string id in edit.State.Incidents.Where(i => i.IsOpen).Select(i => i.Id).ToArray())
        {
            Escalate(edit, Find(edit, id), plan, chain);
            Remind(edit, Find(edit, id), plan);
        }
    }

    private static void Escalate(RolloutEdit edit, Incident incident, IncidentPlan plan, IReadOnlyList<Contact> chain)
    {
        TimeSpan waiting = edit.Now - incident.Opened;
        if (incident.Acknowledged is not null
            || incident.Escalated >= chain.Count
            || waiting < TimeSpan.FromMinutes(plan.AcknowledgeWithinMinutes * incident.Escalated))
        {
            return;
        }

        Contact next = chain[incident.Escalated];
        edit.ReplaceIncident(incident with { Escalated = incident.Escalated + 1 });
        edit.Audit(
            AuditEntry.Guard,
            "incident-escalated",
            $"nobody acknowledged within {waiting.TotalMinutes:0} min",
            after: $"{incident.Id} → {next.Name}");
        edit.Announce(
            Topics.IncidentUpdated,
            $"{incident.Id} is not acknowledged after {waiting.TotalMinutes:0} min",
            [incident.Title, $"{next.Name}: incidents acknowledge {incident.Id}"],
            incident.Id,
            next.Name);
    }

    private static void Remind(RolloutEdit edit, Incident incident, IncidentPlan plan)
    {
        if (edit.Now - incident.LastAnnounced < TimeSpan.FromMinutes(plan.RemindEveryMinutes))
        {
            return;
        }

        edit.ReplaceIncident(incident with { LastAnnounced = edit.Now });
        string state = incident.Notes.Count > 0 ? incident.Notes[^1].Text : "No update yet.";
        edit.Announce(
            Topics.IncidentUpdated,
            $"{incident.Id} is still open after {(edit.Now - incident.Opened).TotalMinutes:0} min",
            [incident.Title, state],
            incident.Id);
    }

    private static Incident Find(RolloutEdit edit, string id) => edit.State.Incidents.Single(i => i.Id == id);
}
