using Microsoft.Extensions.Options;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Whether both credentials see each repository and may do there what they are for, as far as GitHub says.</summary>
internal sealed class RepositoryCheck(
    RepositoryCheckRunner round, IOptions<GitHubOptions> options, GitHubConnections connections) : IDoctorCheck
{
    /// <summary>Only classic tokens come with this header; a fine-grained one's permissions show at the first write.</summary>
    private const string ScopesHeader = "X-OAuth-Scopes";

    public string Name => "repositories";

    public int Order => 30;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        if (round.IsEmpty)
        {
            return [Finding.Warning(
                "GitHub:Repositories is empty: every signed delivery is taken, and timer and batches have nothing to work on.",
                "Name the repositories, owner/name, separated by commas.")];
        }

        IReadOnlyList<Finding> work = await round.RunAsync(r => AskAsync(connections.App, r, cancellationToken), JudgeWork);
        IReadOnlyList<Finding> assignment = connections.User.Setting == connections.App.Setting
            ? []
            : await round.RunAsync(r => AskAsync(connections.User, r, cancellationToken), JudgeAssignment);
        return [.. work, .. assignment];
    }

    private static Task<CallResult<IApiResponse<Repository>>> AskAsync(
        GitHubApiClient channel, RepositoryRef repository, CancellationToken cancellationToken) => channel.CallAsync(
        new RequestTag(RequestKind.Read, extra: true),
        $"reading {repository}",
        _ => channel.Rest.Get<Repository>(new Uri($"repos/{repository.Owner}/{repository.Name}", UriKind.Relative),
            new Dictionary<string, string>()),
        cancellationToken);

    private Finding JudgeWork(RepositoryRef repository, IApiResponse<Repository> answer) => answer.Body switch
    {
        { FullName: { } now } when !now.Equals(repository.ToString(), StringComparison.OrdinalIgnoreCase) => Finding.Warning(
            $"{repository} is now {now}: GitHub redirects the old name until somebody takes it.",
            $"Write {now} in GitHub:Repositories; the issues keep their history."),
        { Archived: true } =>
            Finding.Failure($"{repository} is archived: nothing can be written.", "Take it out of GitHub:Repositories, or unarchive it."),
        { HasIssues: false } =>
            Finding.Failure($"Issues are switched off in {repository}.", "Switch them on in the repository's settings."),
        _ when options.Value.UsesApp => Finding.Ok($"{repository} is visible to the App."),
        { Permissions: { Push: false, Triage: false, Admin: false, Maintain: false } } =>
            Finding.Failure($"{connections.App.Setting} sees {repository} and may not write.",
                "Give it read and write access to issues (role triage at least)."),
        var seen when LackingScope(answer, seen) is { } scope => WithoutScope(connections.App, repository, scope),
        _ => Finding.Ok($"{repository} is visible, and the role of {connections.App.Setting} allows writing issues."),
    };

    private Finding JudgeAssignment(RepositoryRef repository, IApiResponse<Repository> answer) => answer.Body switch
    {
        { Permissions: { Push: false, Admin: false, Maintain: false } } => Finding.Failure(
            $"{connections.User.Setting} sees {repository} and may not assign anybody.",
            "Give its user write access to the repository: GitHub asks that of whoever assigns the coding agent."),
        var seen when LackingScope(answer, seen) is { } scope => WithoutScope(connections.User, repository, scope),
        _ => Finding.Ok($"{repository} is visible, and the role of {connections.User.Setting} allows assigning."),
    };

    private static Finding WithoutScope(GitHubApiClient channel, RepositoryRef repository, string scope) =>
        Finding.Failure($"{channel.Setting} is a classic token without the scope '{scope}', which {repository} needs.",
            $"Give it that scope, or make a fine-grained one (docs/security.md lists the permissions).");

    private static string? LackingScope(IApiResponse<Repository> answer, Repository repository)
    {
        string[]? scopes = answer.HttpResponse.Headers.Where(h => h.Key.Equals(ScopesHeader, StringComparison.OrdinalIgnoreCase))
            .Select(h => h.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault();
        string needed = repository.Private ? "repo" : "public_repo";
        return scopes is null || scopes.Contains("repo") || scopes.Contains(needed) ? null : needed;
    }
}
