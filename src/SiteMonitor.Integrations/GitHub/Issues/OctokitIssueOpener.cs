using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Opens issues with the App's credential.</summary>
internal sealed class OctokitIssueOpener(GitHubConnections connections, RepositoryNames names) : IIssueOpener
{
    private const int PageSize = 100;

    public async Task<CallResult<IReadOnlyDictionary<string, int>>> ListTitlesAsync(
        RepositoryRef repository, string label, CancellationToken cancellationToken)
    {
        var wanted = new RepositoryIssueRequest { State = ItemStateFilter.All, Filter = IssueFilter.All };
        wanted.Labels.Add(label);
        RepositoryRef current = names.FindCurrentName(repository);
        return await connections.App.CallAsync<IReadOnlyDictionary<string, int>>(
            new RequestTag(RequestKind.Read),
            $"listing issues of {repository} labelled {label}",
            async github => Titles(await github.Issue.GetAllForRepository(current.Owner, current.Name, wanted,
                new ApiOptions { PageSize = PageSize, PageCount = 1 })),
            cancellationToken);
    }

    public Task<CallResult<IssueRef>> OpenAsync(
        RepositoryRef repository, string title, string body, IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        var issue = new NewIssue(title) { Body = body };
        foreach (string label in labels)
        {
            issue.Labels.Add(label);
        }

        RepositoryRef current = names.FindCurrentName(repository);
        return connections.App.CallAsync(
            new RequestTag(RequestKind.Write),
            $"opening an issue in {repository}",
            async github => new IssueRef(repository, (await github.Issue.Create(current.Owner, current.Name, issue)).Number),
            cancellationToken);
    }

    private static Dictionary<string, int> Titles(IReadOnlyList<Issue> issues) =>
        issues.GroupBy(i => i.Title).ToDictionary(g => g.Key, g => g.Max(i => i.Number));
}
