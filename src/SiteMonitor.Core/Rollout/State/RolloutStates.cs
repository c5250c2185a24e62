using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>Reads the rollout's state, beginning it where there is none; keeps the phase's name for decisions.</summary>
/// <param name="initialPhase">The phase a rollout begins in: the plan's first, or as the host says.</param>
/// <param name="metrics">Told of each change that was saved.</param>
public sealed class RolloutStates(IRolloutStore store, RolloutPlan plan, string initialPhase, TimeProvider time, SiteMonitorMetrics? metrics = null) : ICurrentPhase
{
    private static readonly TimeSpan NameAge = TimeSpan.FromSeconds(5);
    private (string Name, DateTimeOffset At)? _name;

    public RolloutPlan Plan => plan;

    public async Task<StoredState> ReadAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await store.ReadAsync(cancellationToken) ?? await BeginAsync(cancellationToken);
        _name = (stored.State.Phase, time.GetUtcNow());
        return stored;
    }

    /// <summary>The new version; null when somebody else saved first.</summary>
    public async Task<StoredState?> SaveAsync(RolloutEdit edit, string version, CancellationToken cancellationToken)
    {
        string? next = await store.SaveAsync(edit.State, edit.Entries, version, cancellationToken);
        if (next is null)
        {
            return null;
        }

        foreach (AuditEntry rollback in edit.Entries.Where(e => e.What == "rollback"))
        {
            metrics?.CountRollback(rollback.Phase, byGuard: rollback.Who == "guard");
        }

        _name = (edit.State.Phase, time.GetUtcNow());
        return new StoredState(edit.State, next);
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(int limit, CancellationToken cancellationToken) => store.ReadAuditAsync(limit, cancellationToken);

    public async ValueTask<string> GetNameAsync(CancellationToken cancellationToken) =>
        _name is { } known && time.GetUtcNow() - known.At < NameAge ? known.Name : (await ReadAsync(cancellationToken)).State.Phase;

    private async Task<StoredState> BeginAsync(CancellationToken cancellationToken)
    {
        RolloutState start = RolloutState.Start(initialPhase, time.GetUtcNow());

        // One that begins in a later phase is under way: its follow-ups are told, and the next advance does not say that it begins.
        start = start with { Launched = initialPhase == plan.Phases[0].Name ? null : start.PhaseSince };
        var edit = new RolloutEdit(start with { Workflows = plan.Find(initialPhase) is { } phase ? new WorkflowMark(phase.Workflows) : null }, time.GetUtcNow());
        edit.Audit("system", "begin", "the rollout's state is new", after: initialPhase);
        await store.SaveAsync(edit.State, edit.Entries, null, cancellationToken);
        return await store.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("The rollout's state could not be saved.");
    }
}

/// <summary>The rollout phase of now, for decisions and records; may lag some seconds behind.</summary>
public interface ICurrentPhase
{
    ValueTask<string> GetNameAsync(CancellationToken cancellationToken);
}
