using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>Prepares a change of the rollout: the new state, with the audit entries and announcements that are saved with it.</summary>
public sealed class RolloutEdit(RolloutState state, DateTimeOffset now)
{
    private const int ResolvedIncidentsKept = 20;
    private readonly List<AuditEntry> _entries = [];
    private readonly RolloutState _original = state;

    public RolloutState State { get; set; } = state;

    public DateTimeOffset Now => now;

    public IReadOnlyList<AuditEntry> Entries => _entries;

    public bool IsEmpty => _entries.Count == 0 && ReferenceEquals(State, _original);

    /// <summary>Takes back everything, so that nothing is saved.</summary>
    public void Discard()
    {
        State = _original;
        _entries.Clear();
    }

    public void Audit(string who, string what, string reason, string before = "", string after = "")
    {
        State = State with { LastSequence = State.LastSequence + 1 };
        _entries.Add(new AuditEntry
        {
            Sequence = State.LastSequence,
            At = Now,
            Who = who,
            What = what,
            Phase = State.Phase,
            Reason = reason,
            Before = before,
            After = after,
        });
    }

    public void Announce(string topic, string title, IReadOnlyList<string> lines, string? incident = null, string? contact = null)
    {
        int number = State.AnnouncementCount + 1;
        var announcement = new Announcement
        {
            Id = $"{Now:yyyyMMddHHmmss}-{number}",
            Topic = topic,
            At = Now,
            Phase = State.Phase,
            Title = title,
            Lines = lines,
            IncidentId = incident,
            Contact = contact,
        };
        State = State with { AnnouncementCount = number, Outbox = [.. State.Outbox, announcement] };
    }

    /// <summary>Announces once all flags of the change begun with <see cref="BeginTransition"/> are written.</summary>
    public void AnnounceWhenDone(string topic, string title, IReadOnlyList<string> lines, string? incident = null)
    {
        FlagTransition transition = State.Transition ?? throw new InvalidOperationException("No change of flags has begun.");
        var pending = new FlagTransition.PendingAnnouncement(topic, title, lines, incident);
        State = State with { Transition = transition with { WhenDone = [.. transition.WhenDone, pending] } };
    }

    /// <summary>Opens and announces an incident.</summary>
    /// <param name="lines">Its first note: what was observed.</param>
    /// <param name="signal">The guard's signal, for an incident without a rollback.</param>
    /// <param name="isCausedByAuthors">Whether issue authors caused it, rather than the pipeline.</param>
    /// <returns>The incident's id.</returns>
    public string OpenIncident(string title, string by, IReadOnlyList<string> lines, string signal = "", bool isCausedByAuthors = false)
    {
        string id = $"INC-{State.IncidentCount + 1}";
        var incident = new Incident
        {
            Id = id,
            Title = title,
            Phase = State.Phase,
            Opened = Now,
            OpenedBy = by,
            Signal = signal,
            IsCausedByAuthors = isCausedByAuthors,
            LastAnnounced = Now,
            Notes = lines.Count == 0 ? [] : [NewNote(by, lines)],
        };
        IEnumerable<Incident> kept = State.Incidents.Where(i => i.IsOpen)
            .Concat(State.Incidents.Where(i => !i.IsOpen).TakeLast(ResolvedIncidentsKept))
            .OrderBy(i => i.Opened);
        State = State with { IncidentCount = State.IncidentCount + 1, Incidents = [.. kept, incident] };
        Audit(by, "incident-opened", title, after: id);
        Announce(Topics.IncidentOpened, $"{id}: {title}", [.. lines, $"Acknowledge: incidents acknowledge {id}"], id);
        return id;
    }

    public IncidentNote NewNote(string by, IReadOnlyList<string> lines) => new(Now, by, string.Join('\n', lines));

    public void ReplaceIncident(Incident incident) =>
        State = State with { Incidents = [.. State.Incidents.Select(i => i.Id == incident.Id ? incident : i)] };

    /// <summary>Adds a note to an incident, announces it and audits it.</summary>
    public void UpdateIncident(Incident incident, string by, IReadOnlyList<string> lines)
    {
        ReplaceIncident(incident with { LastAnnounced = Now, Notes = [.. incident.Notes, NewNote(by, lines)] });
        Audit(by, "incident-updated", string.Join("; ", lines), after: incident.Id);
        Announce(Topics.IncidentUpdated, $"{incident.Id}: {incident.Title}", lines, incident.Id);
    }

    /// <summary>Updates an open incident; opens one if it is null.</summary>
    /// <returns>The incident's id.</returns>
    public string ReportIncident(Incident? open, string title, string by, IReadOnlyList<string> lines, string signal = "")
    {
        if (open is null)
        {
            return OpenIncident(title, by, lines, signal);
        }

        UpdateIncident(open, by, lines);
        return open.Id;
    }

    /// <summary>Restarts the evidence and the soak period of the gate.</summary>
    public void ResetEvidence() => State = State with
    {
        EvidenceFrom = Now,
        SoakFrom = Now,
        AnnouncedDiscrepancies = [],
        AnnouncedUnmetCriteria = [],
        GateMetAnnounced = false,
    };

    /// <summary>Records that several flags are to change; the caller that saves this edit then writes them.</summary>
    public void BeginTransition(
        string what, IReadOnlyList<FlagTarget> targets, FlagSnapshot flags, bool overwrite, string by, string reason)
    {
        Dictionary<string, string> before = targets.ToDictionary(t => t.Flag, t => flags.GetSetting(t.Flag).ToString());
        State = State with
        {
            Superseded = State.Transition is { StopsOnFailure: true } replaced
                ? new SupersededChange([.. replaced.Targets, .. State.Superseded?.Targets ?? []], Now)
                : State.Superseded,
            Transition = new FlagTransition($"{what}-{State.LastSequence + 1}", what, targets, before, overwrite, by, reason, Now),
            Guard = GuardState.Empty,
            GuardFrom = Now,
        };
    }
}
