using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>One page of a listing, as kept for conditional requests.</summary>
/// <param name="ETag">What the next request for the page sends as <c>If-None-Match</c>.</param>
/// <param name="IsLast">Whether GitHub named no further page.</param>
internal sealed record CandidatePage(string? ETag, IReadOnlyList<Candidate> Candidates, bool IsLast);
