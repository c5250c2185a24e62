namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>The flags as last seen, kept across restarts: with them an app that starts while the store is down goes on as before.</summary>
public interface ILastKnownFlags
{
    /// <summary>Null when none were ever kept, or they cannot be read.</summary>
    Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Failing to keep them is logged, not thrown.</summary>
    Task KeepAsync(FlagSnapshot snapshot, CancellationToken cancellationToken);
}
