namespace SiteMonitor.Core.Rollout.State;

/// <summary>The rollout's state with its audit log: saved together, or not at all.</summary>
public interface IRolloutStore
{
    /// <summary>Null before the first save.</summary>
    Task<StoredState?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Saves state and audit entries if nobody saved since that version was read.</summary>
    /// <param name="version">Null for the first save.</param>
    /// <returns>The new version; null when somebody else was first, and nothing was saved.</returns>
    Task<string?> SaveAsync(RolloutState state, IReadOnlyList<AuditEntry> entries, string? version, CancellationToken cancellationToken);

    /// <summary>The newest entries, oldest of them first.</summary>
    Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>The state as its store has it.</summary>
/// <param name="Version">Changes with every save; a save names the one it has read.</param>
public sealed record StoredState(RolloutState State, string Version);
