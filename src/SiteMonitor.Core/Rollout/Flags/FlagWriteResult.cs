namespace SiteMonitor.Core.Rollout.Flags;

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
