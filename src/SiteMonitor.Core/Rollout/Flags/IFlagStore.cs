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
