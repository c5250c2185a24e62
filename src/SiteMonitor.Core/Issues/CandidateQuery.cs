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
