using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Core.Rollout.State;

/// <summary>Reads and saves the rollout's state, creating it where there is none; caches the phase's name for decisions.</summary>
/// <param name="initialPhase">The phase a rollout begins in: the plan's first, or the one that the host sets.</param>
/// <param name="metrics">Counts the rollbacks that were saved.</param>
public sealed class RolloutStateRepository(
    IRolloutStore store, RolloutPlan plan, string initialPhase, TimeProvider time, SiteMonitorMetrics? metrics = null) : ICurrentPhase
{
    public const int DefaultTries = 5;

    // With the number of tries the pause grows up to this; on the machine's clock.
    private const int MaxPauseMilliseconds = 200;

    private static readonly TimeSpan NameAge = TimeSpan.FromSeconds(5);
    private (string Name, DateTimeOffset At)? _name;

    public RolloutPlan Plan => plan;

    public async Task<StoredState> ReadAsync(CancellationToken cancellationToken)
    {
        StoredState stored = await store.ReadAsync(cancellationToken) ?? await BeginAsync(cancellationToken);
        _name = (stored.State.Phase, time.GetUtcNow());
        return stored;
    }

    /// <summary>
    /// Reads the state, lets <paramref name="change"/> edit it and saves it. When another change was saved first it starts over,
    /// so that the change is always based on the state that it replaces.
    /// </summary>
    /// <param name="change">Leaves the edit untouched when there is nothing to save. It may be called several times.</param>
    /// <returns>The state as saved, or as read when there was nothing to save; null when others kept saving first.</returns>
    public async Task<RolloutState?> UpdateAsync(
        Func<RolloutEdit, CancellationToken, Task> change, CancellationToken cancellationToken, int maxTries = DefaultTries)
    {
        for (int i = 0; i < maxTries; i++)
        {
            StoredState stored = await ReadAsync(cancellationToken);
            var edit = new RolloutEdit(stored.State, time.GetUtcNow());
            await change(edit, cancellationToken);
            if (edit.IsEmpty || await TrySaveAsync(edit, stored.Version, cancellationToken))
            {
                return edit.State;
            }

            int pause = Random.Shared.Next(Math.Min((i + 1) * 10, MaxPauseMilliseconds));
            await Task.Delay(TimeSpan.FromMilliseconds(pause), TimeProvider.System, cancellationToken);
        }

        return null;
    }

    /// <summary>Edits and saves the state, repeating until it is saved. For changes that must not be lost.</summary>
    public async Task<RolloutState> UpdateUntilSavedAsync(Action<RolloutEdit> change, CancellationToken cancellationToken)
    {
        Task Change(RolloutEdit edit, CancellationToken token)
        {
            change(edit);
            return Task.CompletedTask;
        }

        return (await UpdateAsync(Change, cancellationToken, int.MaxValue))!;
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(int limit, CancellationToken cancellationToken) =>
        store.ReadAuditAsync(limit, cancellationToken);

    public async ValueTask<string> GetNameAsync(CancellationToken cancellationToken) =>
        _name is { } known && time.GetUtcNow() - known.At < NameAge ? known.Name : (await ReadAsync(cancellationToken)).State.Phase;

    private async Task<bool> TrySaveAsync(RolloutEdit edit, string version, CancellationToken cancellationToken)
    {
        if (await store.SaveAsync(edit.State, edit.Entries, version, cancellationToken) is null)
        {
            return false;
        }

        foreach (AuditEntry rollback in edit.Entries.Where(e => e.What == FlagTransition.Rollback))
        {
            metrics?.CountRollback(rollback.Phase, byGuard: rollback.Who == AuditEntry.Guard);
        }

        _name = (edit.State.Phase, time.GetUtcNow());
        return true;
    }

    private async Task<StoredState> BeginAsync(CancellationToken cancellationToken)
    {
        RolloutState start = RolloutState.Start(initialPhase, time.GetUtcNow());

        // A rollout that begins in a later phase is under way: its updates are announced, and the next advance does not announce a
        // beginning.
        start = start with { Launched = initialPhase == plan.Phases[0].Name ? null : start.PhaseSince };
        WorkflowSwitchState? workflows = plan.Find(initialPhase) is { } phase ? new WorkflowSwitchState(phase.Workflows) : null;
        var edit = new RolloutEdit(start with { Workflows = workflows }, time.GetUtcNow());
        edit.Audit(AuditEntry.System, "begin", "the rollout's state is new", after: initialPhase);
        await store.SaveAsync(edit.State, edit.Entries, null, cancellationToken);
        return await store.ReadAsync(cancellationToken) ?? throw new InvalidOperationException("The rollout's state could not be saved.");
    }
}

/// <summary>The current rollout phase, for decisions and records; may be some seconds old.</summary>
public interface ICurrentPhase
{
    ValueTask<string> GetNameAsync(CancellationToken cancellationToken);
}
