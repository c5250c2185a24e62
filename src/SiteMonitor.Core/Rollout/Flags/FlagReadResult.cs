namespace SiteMonitor.Core.Rollout.Flags;

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
