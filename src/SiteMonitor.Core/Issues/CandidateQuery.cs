namespace SiteMonitor.Core.Issues;

/// <summary>Selects the issues of a batch.</summary>
/// <param name="Labels">Open issues with at least one of these labels.</param>
/// <param name="Limit">At most this many.</param>
/// <param name="UrgentOnly">Only those labelled <c>urgent</c>; otherwise they come first.</param>
public sealed record CandidateQuery(RepositoryRef Repository, IReadOnlyList<string> Labels, int Limit, bool UrgentOnly = false)
{
    /// <summary>Maximum number of pages of 100 that are read for one label, however many issues a batch turns down.</summary>
    public const int MaxPages = 20;

    /// <summary>Filters the issues; what it rejects does not count towards <see cref="Limit"/>. By default nothing is rejected.</summary>
    public Func<Candidate, CancellationToken, ValueTask<bool>> IsWanted { get; init; } = (_, _) => ValueTask.FromResult(true);
}

/// <summary>An open issue that a batch may start: enough to decide whether there is work to do, without its text.</summary>
/// <param name="UpdatedAt">When anything on it last changed; null when the listing did not say.</param>
public sealed record Candidate(IssueRef Ref, IReadOnlyList<string> Labels, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt = null)
{
    /// <summary>The author's login; empty when unknown.</summary>
    public string Author { get; init; } = string.Empty;

    /// <summary>Logins of the assignees.</summary>
    public IReadOnlyList<string> Assignees { get; init; } = [];
}
