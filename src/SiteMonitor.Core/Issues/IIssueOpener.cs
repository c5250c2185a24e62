using SiteMonitor.Core.Failures;

namespace SiteMonitor.Core.Issues;

/// <summary>Opens issues of our own: test issues, announcements. Failures as in <see cref="IIssueTracker"/>.</summary>
public interface IIssueOpener
{
    /// <summary>Numbers and titles of the issues, open or closed, that bear the label: at most the newest 100.</summary>
    Task<CallResult<IReadOnlyDictionary<string, int>>> ListTitlesAsync(RepositoryRef repository, string label, CancellationToken cancellationToken);

    Task<CallResult<IssueRef>> OpenAsync(RepositoryRef repository, string title, string body, IReadOnlyList<string> labels, CancellationToken cancellationToken);
}
