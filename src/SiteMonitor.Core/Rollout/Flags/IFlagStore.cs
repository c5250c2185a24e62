namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Stores the flags: Azure App Configuration, or a file.</summary>
public interface IFlagStore
{
    /// <summary>Display name, such as <c>file /srv/flags.json</c>; never a secret.</summary>
    string Description { get; }

    /// <summary>Reads all flags. An unreachable store is a result, not an exception.</summary>
    /// <param name="known">The snapshot at hand, so that an unchanged store can say so cheaply; null reads in any case.</param>
    Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken);

    /// <summary>Reads all flags for a write: like the write, it is tried also while the store counts as down.</summary>
    Task<FlagReadResult> ReadForWriteAsync(CancellationToken cancellationToken) => ReadAsync(null, cancellationToken);

    /// <summary>Writes one flag.</summary>
    /// <param name="etag">The one that was read; null for a flag that must not exist yet.</param>
    Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken);
}

/// <summary>Result of reading the flag store.</summary>
public abstract record FlagReadResult
{
    private FlagReadResult()
    {
    }

    public sealed record Loaded(FlagSnapshot Snapshot) : FlagReadResult;

    /// <summary>The flags have not changed since the caller's snapshot.</summary>
    public sealed record Unchanged : FlagReadResult;

    /// <param name="Reason">Display text: what happened and what to look at; no secret.</param>
    public sealed record Unavailable(string Reason) : FlagReadResult;
}

/// <summary>Result of writing one flag.</summary>
public abstract record FlagWriteResult
{
    private FlagWriteResult()
    {
    }

    public sealed record Written(string ETag) : FlagWriteResult;

    /// <summary>The flag was changed after it was read; nothing was written.</summary>
    public sealed record Conflict : FlagWriteResult;

    /// <summary>The store is unavailable, or refuses the write: locked, no permission, too large.</summary>
    public sealed record Failed(string Reason) : FlagWriteResult;
}

/// <summary>Persists the last known flags, so that an application can start while the store is down.</summary>
public interface ILastKnownFlags
{
    /// <summary>Returns null if there are none, or they cannot be read.</summary>
    Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Logs a failure instead of throwing.</summary>
    Task SaveAsync(FlagSnapshot snapshot, CancellationToken cancellationToken);
}
