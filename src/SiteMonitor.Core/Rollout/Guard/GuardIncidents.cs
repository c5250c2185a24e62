using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Guard;

/// <summary>Incidents that the guard opens without rolling back: one for each trigger, so that an open one never hides another's.</summary>
internal static class GuardIncidents
{
    public static Incident? Find(RolloutEdit edit, string trigger) => edit.State.Incidents.FirstOrDefault(i => i.IsOpen && i.Signal == trigger);

    public static void Report(RolloutEdit edit, string trigger, string title, IReadOnlyList<string> lines)
    {
        string id = edit.OpenIncident(title, GuardService.Name, lines);
        edit.ReplaceIncident(edit.State.Incidents.Single(i => i.Id == id) with { Signal = trigger });
    }

    /// <summary>Adds what happened since to an incident that is open already, and tells people.</summary>
    public static void Update(RolloutEdit edit, Incident incident, string text)
    {
        edit.ReplaceIncident(incident with { LastAnnounced = edit.Now, Notes = [.. incident.Notes, new IncidentNote(edit.Now, GuardService.Name, text)] });
        edit.Audit(GuardService.Name, "incident-updated", text, after: incident.Id);
        edit.Announce(Topics.IncidentUpdated, $"{incident.Id}: {incident.Title}", [text], incident.Id);
    }
}
