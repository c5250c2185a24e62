namespace SiteMonitor.Core.Issues;

/// <summary>Which issues a batch wants.</summary>
/// <param name="Labels">Open issues with at least one of these labels.</param>
/// <param name="Limit">At most this many.</param>
/// <param name="UrgentOnly">Only those labelled <c>urgent</c>; otherwise they come first.</param>
public sealed record CandidateQuery(RepositoryRef Repository, IReadOnlyList<string> Labels, int Limit, bool UrgentOnly = false);
