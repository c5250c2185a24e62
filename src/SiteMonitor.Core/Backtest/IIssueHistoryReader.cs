using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Backtest;

/// <summary>Reads issues with their history from GitHub, oldest first, a page at a time. Never writes.</summary>
/// <remarks>Fails as <see cref="IIssueTracker"/> does.</remarks>
public interface IIssueHistoryReader
{
    /// <param name="since">Only issues opened then or later; null for all.</param>
    /// <param name="after">The <see cref="HistoryPage.Next"/> of the page before; null for the first page.</param>
    Task<CallResult<HistoryPage>> ReadAsync(
        RepositoryRef repository, DateTimeOffset? since, string? after, CancellationToken cancellationToken);
}

/// <summary>A page of issues with their history. Pull requests are left out.</summary>
/// <param name="Issues">Oldest first.</param>
/// <param name="Next">Where the next page begins; null after the last.</param>
/// <param name="Total">Issues in all pages.</param>
public sealed record HistoryPage(IReadOnlyList<IssueHistory> Issues, string? Next, int Total);
