namespace SiteMonitor.Core.Rollout.State;

/// <summary>One change: who or what, when, why, before, after. Written with the change itself and never altered.</summary>
public sealed record AuditEntry
{
    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A person's name as given, <c>guard</c>, or <c>outside</c> for a flag somebody changed by other means.</summary>
    public required string Who { get; init; }

    /// <summary><c>advance</c>, <c>rollback</c>, <c>flag</c>, <c>drift</c>, <c>freeze</c>, <c>confirm</c>, …</summary>
    public required string What { get; init; }

    public required string Phase { get; init; }

    public string Reason { get; init; } = string.Empty;

    public string Before { get; init; } = string.Empty;

    public string After { get; init; } = string.Empty;
}
