namespace SiteMonitor.Core.Rollout.State;

/// <summary>One change: who or what, when, why, before, after. Saved with the change itself and never altered.</summary>
public sealed record AuditEntry
{
    public const string Guard = "guard";

    /// <summary>Whoever changed flags outside SiteMonitor.</summary>
    public const string Outside = "outside";

    /// <summary>SiteMonitor itself, except its guard.</summary>
    public const string System = "system";

    public required long Sequence { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>A person's name as given, or one of the constants.</summary>
    public required string Who { get; init; }

    /// <summary><c>advance</c>, <c>rollback</c>, <c>flag</c>, <c>drift</c>, <c>freeze</c>, <c>confirm</c>, …</summary>
    public required string What { get; init; }

    public required string Phase { get; init; }

    public string Reason { get; init; } = string.Empty;

    public string Before { get; init; } = string.Empty;

    public string After { get; init; } = string.Empty;
}
