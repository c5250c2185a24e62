using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Core.Rollout.Incidents;

/// <summary>Opens, acknowledges, updates and resolves incidents.</summary>
public sealed class IncidentControl(RolloutStates states, PostMortem postMortem, TimeProvider time)
{
    private const int Tries = 5;

    public Task<OperationResult> OpenAsync(OperatorRequest request, CancellationToken cancellationToken) => RunAsync(request, null, Open, cancellationToken);

    public Task<OperationResult> AcknowledgeAsync(string id, OperatorRequest request, CancellationToken cancellationToken) => RunAsync(request, id, Acknowledge, cancellationToken);

    public Task<OperationResult> UpdateAsync(string id, OperatorRequest request, CancellationToken cancellationToken) => RunAsync(request, id, Update, cancellationToken);

    public async Task<OperationResult> ResolveAsync(string id, OperatorRequest request, CancellationToken cancellationToken)
    {
        OperationResult result = await RunAsync(request, id, Resolve, cancellationToken);
        return result.Changed && await PostMortemAsync(id, cancellationToken) is { } draft
            ? result with { Lines = [.. result.Lines, .. draft.Split('\n')] }
            : result;
    }

    /// <summary>The draft of the post-mortem, in Markdown; null when there is no such incident.</summary>
    public async Task<string?> PostMortemAsync(string id, CancellationToken cancellationToken)
    {
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        return Find(state, id) is { } incident ? await postMortem.DraftAsync(incident, cancellationToken) : null;
    }

    private static OperationDraft Open(RolloutEdit edit, Incident? incident, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationDraft.Refused(OperationResult.Invalid("An incident needs a title.", "incidents open --reason \"what is wrong\""));
        }

        string id = edit.OpenIncident(request.Reason, request.Operator, []);
        return OperationDraft.Change(edit, $"{id} is open: {request.Reason}", $"incidents acknowledge {id}; rollout rollback, if the pipeline is at fault");
    }

    private static OperationDraft Acknowledge(RolloutEdit edit, Incident? incident, OperatorRequest request)
    {
        if (incident!.Acknowledged is { } at)
        {
            return OperationDraft.Nothing($"{incident.Id} was acknowledged by {incident.AcknowledgedBy} at {at:u}.", $"incidents update {incident.Id} --reason \"…\"");
        }

        edit.ReplaceIncident(incident with { Acknowledged = edit.Now, AcknowledgedBy = request.Operator, LastAnnounced = edit.Now });
        edit.Audit(request.Operator, "incident-acknowledged", request.Reason, after: incident.Id);
        edit.Announce(Topics.IncidentUpdated, $"{incident.Id}: we are aware and investigating", [incident.Title, $"Acknowledged by {request.Operator}."], incident.Id);
        return OperationDraft.Change(edit, $"{incident.Id} is acknowledged by {request.Operator}.", $"incidents update {incident.Id} --reason \"…\" at least every half hour");
    }

    private static OperationDraft Update(RolloutEdit edit, Incident? incident, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationDraft.Refused(OperationResult.Invalid("An update needs a text.", $"incidents update {incident!.Id} --reason \"what is known, what is next\""));
        }

        edit.ReplaceIncident(incident! with { LastAnnounced = edit.Now, Notes = [.. incident.Notes, new IncidentNote(edit.Now, request.Operator, request.Reason)] });
        edit.Audit(request.Operator, "incident-updated", request.Reason, after: incident.Id);
        edit.Announce(Topics.IncidentUpdated, $"{incident.Id}: {incident.Title}", [request.Reason], incident.Id);
        return OperationDraft.Change(edit, $"{incident.Id} is updated.", $"incidents resolve {incident.Id} --reason \"what happened\"");
    }

    private static OperationDraft Resolve(RolloutEdit edit, Incident? incident, OperatorRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.Reason))
        {
            return OperationDraft.Refused(OperationResult.Invalid("Say what happened.", $"incidents resolve {incident!.Id} --reason \"what happened, how it was mended\""));
        }

        edit.ReplaceIncident(incident! with
        {
            Resolved = edit.Now,
            ResolvedBy = request.Operator,
            Acknowledged = incident.Acknowledged ?? edit.Now,
            AcknowledgedBy = incident.AcknowledgedBy ?? request.Operator,
            Notes = [.. incident.Notes, new IncidentNote(edit.Now, request.Operator, request.Reason)],
        });
        edit.Audit(request.Operator, "incident-resolved", request.Reason, after: incident.Id);
        edit.Announce(Topics.IncidentResolved, $"{incident.Id} is resolved", [incident.Title, $"What happened: {request.Reason}"], incident.Id);
        return OperationDraft.Change(edit, $"{incident.Id} is resolved. A draft of the post-mortem:", edit.State.RolledBack is null ? "rollout status" : "rollout resume");
    }

    private static Incident? Find(RolloutState state, string id) => state.Incidents.FirstOrDefault(i => i.Id.Equals(id, StringComparison.OrdinalIgnoreCase));

    private async Task<OperationResult> RunAsync(OperatorRequest request, string? id, Func<RolloutEdit, Incident?, OperatorRequest, OperationDraft> operation, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(request.Operator))
        {
            return OperationResult.Invalid("Who asks? The audit log needs a name.", "Give your name: --operator, or \"operator\" in the body");
        }

        for (int i = 0; i < Tries; i++)
        {
            StoredState stored = await states.ReadAsync(cancellationToken);
            OperationDraft draft = Draw(stored.State, request, id, operation);
            if (draft.Edit is null || request.DryRun)
            {
                return draft.Result;
            }

            if (await states.SaveAsync(draft.Edit, stored.Version, cancellationToken) is not null)
            {
                return draft.Result with { Code = OperationResult.DoneCode };
            }
        }

        return new OperationResult { Code = OperationResult.ConflictCode, Title = "Others keep changing the rollout at the same moment; nothing was done.", Next = "Try again" };
    }

    private OperationDraft Draw(RolloutState state, OperatorRequest request, string? id, Func<RolloutEdit, Incident?, OperatorRequest, OperationDraft> operation)
    {
        Incident? incident = id is null ? null : Find(state, id);
        if (id is not null && incident is not { IsOpen: true })
        {
            string open = string.Join(", ", state.Incidents.Where(i => i.IsOpen).Select(i => i.Id));
            return OperationDraft.Refused(OperationResult.Invalid(incident is null ? $"There is no incident {id}." : $"{id} is resolved already.", open.Length == 0 ? "No incident is open" : $"Open: {open}"));
        }

        return operation(new RolloutEdit(state, time.GetUtcNow()), incident, request);
    }
}
