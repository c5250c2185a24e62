namespace SiteMonitor.Core.Rollout.Flags;

/// <summary>Where the flags live: Azure App Configuration, or a file.</summary>
public interface IFlagStore
{
    /// <summary>For people and the health page: <c>file /srv/flags.json</c>; never a secret.</summary>
    string Description { get; }

    /// <summary>Reads all flags. A store that cannot be reached is an answer, not an exception.</summary>
    /// <param name="known">The snapshot at hand, so that an unchanged store can say so cheaply; null reads in any case.</param>
    Task<FlagReadResult> ReadAsync(FlagSnapshot? known, CancellationToken cancellationToken);

    /// <summary>Writes one flag.</summary>
    /// <param name="etag">The one that was read; null for a flag that must not exist yet.</param>
    Task<FlagWriteResult> WriteAsync(string name, string json, string? etag, CancellationToken cancellationToken);
}

/// <summary>What a read of the flag store gave.</summary>
public abstract record FlagReadResult
{
    private FlagReadResult()
    {
    }

    public sealed record Loaded(FlagSnapshot Snapshot) : FlagReadResult;

    /// <summary>The flags are those of the snapshot the caller has.</summary>
    public sealed record Unchanged : FlagReadResult;

    /// <param name="Reason">For people: what happened and what to look at; no secret.</param>
    public sealed record Unavailable(string Reason) : FlagReadResult;
}

/// <summary>What a write of one flag gave.</summary>
public abstract record FlagWriteResult
{
    private FlagWriteResult()
    {
    }

    public sealed record Written(string ETag) : FlagWriteResult;

    /// <summary>Somebody changed the flag since it was read; nothing was written.</summary>
    public sealed record Conflict : FlagWriteResult;

    /// <summary>The store will not take it before somebody changes something: locked, no permission, too large.</summary>
    public sealed record Refused(string Reason) : FlagWriteResult;

    /// <summary>Another try may succeed.</summary>
    public sealed record Unavailable(string Reason) : FlagWriteResult;
}

/// <summary>The flags as last seen, kept across restarts: with them an app that starts while the store is down goes on as before.</summary>
public interface ILastKnownFlags
{
    /// <summary>Null when none were ever kept, or they cannot be read.</summary>
    Task<FlagSnapshot?> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Failing to keep them is logged, not thrown.</summary>
    Task KeepAsync(FlagSnapshot snapshot, CancellationToken cancellationToken);
}
