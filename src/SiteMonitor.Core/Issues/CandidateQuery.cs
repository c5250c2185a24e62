namespace SiteMonitor.Core.Issues;

/// <summary>Which issues a batch wants.</summary>
/// <param name="Labels">Open issues with at least one of these labels.</param>
/// <param name="Limit">At most this many.</param>
/// <param name="UrgentOnly">Only those labelled <c>urgent</c>; otherwise they come first.</param>
public sealed record CandidateQuery(RepositoryRef Repository, IReadOnlyList<string> Labels, int Limit, bool UrgentOnly = false)
{
    /// <summary>A listing of one label is read no further than this many pages of 100, so that a batch asks GitHub a bounded number of times however many issues it turns down.</summary>
    public const int MaxPages = 20;

    /// <summary>Asked of each issue that bears one of the labels; what it turns down does not count towards <see cref="Limit"/>. By default everything is wanted.</summary>
    public Func<Candidate, CancellationToken, ValueTask<bool>> IsWanted { get; init; } = (_, _) => ValueTask.FromResult(true);
}

/// <summary>An open issue a batch may take up: enough to judge whether there is anything to do, no text.</summary>
/// <param name="UpdatedAt">When anything on it last changed; null when the listing did not say.</param>
public sealed record Candidate(IssueRef Ref, IReadOnlyList<string> Labels, DateTimeOffset CreatedAt, DateTimeOffset? UpdatedAt = null);
