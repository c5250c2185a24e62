namespace SiteMonitor.Core.Ledger;

/// <summary>Limits what issues may cost, so that whoever can open issues cannot spend without bound. Part of the rollout plan.</summary>
/// <remarks>A limit that is null does not apply. At a limit an issue is deferred, unchanged, until there is room again.</remarks>
public sealed record UsageLimits
{
    /// <summary>Issues of one author that are started in 24 hours.</summary>
    public int? IssuesPerAuthorPerDay { get; init; } = 50;

    /// <summary>
    /// Runs of one author that are under way at the same time on one host, <c>urgent</c> issues left out; the others wait for their turn,
    /// so that they hold up nobody else's issues.
    /// </summary>
    public int? RunsPerAuthorAtOnce { get; init; } = 5;

    /// <summary>Sessions of the Copilot coding agent in one hour.</summary>
    public int? CopilotSessionsPerHour { get; init; } = 200;

    /// <summary>Sessions of the Copilot coding agent in 24 hours.</summary>
    public int? CopilotSessionsPerDay { get; init; } = 1000;

    /// <summary>US dollars for the model in one hour.</summary>
    public decimal? DollarsPerHour { get; init; } = 10;

    /// <summary>US dollars for the model in 24 hours.</summary>
    public decimal? DollarsPerDay { get; init; } = 50;

    /// <summary>
    /// Whether the limits for authors do not apply to apps (<c>name[bot]</c>), which only an owner of the repository can install.
    /// </summary>
    public bool TrustApps { get; init; } = true;

    /// <summary>Logins to which the limits for authors do not apply, such as the monitoring job's.</summary>
    public IReadOnlyList<string> TrustedAuthors { get; init; } = [];

    /// <summary>Whether the limits for authors do not apply to a login.</summary>
    public bool IsTrusted(string author) =>
        (TrustApps && author.EndsWith("[bot]", StringComparison.Ordinal))
        || TrustedAuthors.Contains(author, StringComparer.OrdinalIgnoreCase);
}
