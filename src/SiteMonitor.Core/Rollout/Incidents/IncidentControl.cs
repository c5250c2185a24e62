using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Incidents;

/// <summary>Opens, acknowledges, updates and resolves incidents.</summary>
public sealed class IncidentControl(RolloutStateRepository states)
{
    public Task<OperationResult> OpenAsync(OperatorRequest request, CancellationToken cancellationToken) =>
        request.ApplyAsync(states, (edit, _) => Task.FromResult(Open(edit, request)), cancellationToken);

    public Task<OperationResult> AcknowledgeAsync(string id, OperatorRequest request, CancellationToken cancellationToken) =>
        ChangeAsync(id, request, Acknowledge, cancellationToken);

    public Task<OperationResult> UpdateAsync(string id, OperatorRequest request, CancellationToken cancellationToken) =>
        ChangeAsync(id, request, Update, cancellationToken);

    public Task<OperationResult> ResolveAsync(string id, OperatorRequest request, CancellationToken cancellationToken) =>
        ChangeAsync(id, request, Resolve, cancellationToken);

    private static OperationResult Open(RolloutEdit edit, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.Invalid("An incident needs a title.", "incidents open --reason \"what is wrong\"");
        }

        string id = edit.OpenIncident(request.Reason, request.Operator, []);
        edit.ReplaceIncident(edit.State.Incidents.Single(i => i.Id == id) with { IsSecurity = request.Security });
        return OperationResult.Planned(
            $"{id} is open: {request.Reason}", $"incidents acknowledge {id}; rollout rollback, if the pipeline is at fault");
    }

    private static OperationResult Acknowledge(RolloutEdit edit, Incident incident, OperatorRequest request)
    {
        if (!incident.IsOpen)
        {
            return RefuseResolved(edit, incident);
        }

        if (incident.Acknowledged is { } at)
        {
            return OperationResult.Nothing(
                $"{incident.Id} was acknowledged by {incident.AcknowledgedBy} at {at:u}.",
                $"incidents update {incident.Id} --reason \"…\"");
        }

        edit.ReplaceIncident(incident with { Acknowledged = edit.Now, AcknowledgedBy = request.Operator, LastAnnounced = edit.Now });
        edit.Audit(request.Operator, "incident-acknowledged", request.Reason, after: incident.Id);
        edit.Announce(Topics.IncidentUpdated, $"{incident.Id}: we are aware and investigating",
            [incident.Title, $"Acknowledged by {request.Operator}."], incident.Id);
        return OperationResult.Planned(
            $"{incident.Id} is acknowledged by {request.Operator}.",
            $"incidents update {incident.Id} --reason \"…\" at least every half hour");
    }

    /// <summary>Adds a note; to a resolved incident: that its post-mortem and follow-ups are done.</summary>
    private static OperationResult Update(RolloutEdit edit, Incident incident, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.Invalid("An update needs a text.",
                $"incidents update {incident.Id} --reason \"what is known, what is next\"");
        }

        if (incident.IsOpen)
        {
            edit.UpdateIncident(incident, request.Operator, [request.Reason]);
            return OperationResult.Planned($"{incident.Id} is updated.", $"incidents resolve {incident.Id} --reason \"what happened\"");
        }

        if (incident.FollowedUp is { } done)
        {
            return OperationResult.Nothing($"The follow-ups of {incident.Id} were done at {done:u}.", "report");
        }

        edit.ReplaceIncident(incident with
        {
            FollowedUp = edit.Now,
            Notes = [.. incident.Notes, edit.NewNote(request.Operator, [request.Reason])],
        });
        edit.Audit(request.Operator, "incident-followed-up", request.Reason, after: incident.Id);
        return OperationResult.Planned($"Post-mortem and follow-ups of {incident.Id} are done.", "report");
    }

    private static OperationResult Resolve(RolloutEdit edit, Incident incident, OperatorRequest request)
    {
        if (!incident.IsOpen)
        {
            return RefuseResolved(edit, incident);
        }

        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationResult.Invalid("Say what happened.",
                $"incidents resolve {incident.Id} --reason \"what happened, how it was fixed\"");
        }

        edit.ReplaceIncident(incident with
        {
            Resolved = edit.Now,
            ResolvedBy = request.Operator,
            Acknowledged = incident.Acknowledged ?? edit.Now,
            AcknowledgedBy = incident.AcknowledgedBy ?? request.Operator,
            Notes = [.. incident.Notes, edit.NewNote(request.Operator, [request.Reason])],
        });
        edit.Audit(request.Operator, "incident-resolved", request.Reason, after: incident.Id);
        edit.Announce(
            Topics.IncidentResolved, $"{incident.Id} is resolved", [incident.Title, $"What happened: {request.Reason}"], incident.Id);
        string followUp = $"incidents update {incident.Id} --reason \"post-mortem: where it is\" when its follow-ups are done";
        return OperationResult.Planned(
            $"{incident.Id} is resolved. A draft of the post-mortem:",
            edit.State.RolledBack is null ? followUp : $"rollout resume; {followUp}");
    }

    private Task<OperationResult> ChangeAsync(
        string id, OperatorRequest request, Func<RolloutEdit, Incident, OperatorRequest, OperationResult> change,
        CancellationToken cancellationToken) =>
        request.ApplyAsync(
            states,
            (edit, _) => Task.FromResult(
                edit.State.Incidents.FirstOrDefault(i => i.Id.Equals(id, StringComparison.OrdinalIgnoreCase)) is { } incident
                    ? change(edit, incident, request)
                    : OperationResult.NotFound($"There is no incident {id}.", DescribeOpen(edit.State))),
            cancellationToken);

    private static OperationResult RefuseResolved(RolloutEdit edit, Incident incident) =>
        OperationResult.Invalid($"{incident.Id} is resolved already.", DescribeOpen(edit.State));

    private static string DescribeOpen(RolloutState state)
    {
        string open = string.Join(", ", state.Incidents.Where(i => i.IsOpen).Select(i => i.Id));
        return open.Length == 0 ? "No incident is open" : $"Open: {open}";
    }
}
