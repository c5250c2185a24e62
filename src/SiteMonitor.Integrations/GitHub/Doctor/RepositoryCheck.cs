using Microsoft.Extensions.Options;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Checks that both credentials can see each repository and have the permissions they need.</summary>
internal sealed class RepositoryCheck(
    RepositoryCheckRunner repositories, IOptions<GitHubOptions> options, GitHubConnections connections) : IDoctorCheck
{
    /// <summary>Only classic tokens have this header; the permissions of fine-grained ones show at the first write.</summary>
    private const string ScopesHeader = "X-OAuth-Scopes";

    public string Name => "repositories";

    public int Order => 30;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        if (repositories.IsEmpty)
        {
            return [Finding.Warning(
                "GitHub:Repositories is empty: every signed delivery is accepted, but the timer and batches have nothing to work on.",
                "Name the repositories, owner/name, separated by commas.")];
        }

        IReadOnlyList<Finding> work = await repositories.RunAsync(r => AskAsync(connections.App, r, cancellationToken), JudgeWork);
        IReadOnlyList<Finding> assignment = connections.User.Setting == connections.App.Setting
            ? []
            : await repositories.RunAsync(r => AskAsync(connections.User, r, cancellationToken), JudgeAssignment);
        return [.. work, .. assignment];
    }

    private static Task<CallResult<IApiResponse<Repository>>> AskAsync(
        GitHubApiClient client, RepositoryRef repository, CancellationToken cancellationToken) => client.CallAsync(
        new RequestTag(RequestKind.Read, extra: true),
        $"reading {repository}",
        _ => client.Rest.Get<Repository>(new Uri($"repos/{repository.Owner}/{repository.Name}", UriKind.Relative),
            new Dictionary<string, string>()),
        cancellationToken);

    private Finding JudgeWork(RepositoryRef repository, IApiResponse<Repository> answer) => answer.Body switch
    {
        { FullName: { } now } when !now.Equals(repository.ToString(), StringComparison.OrdinalIgnoreCase) => Finding.Warning(
            $"{repository} is now {now}: GitHub redirects the old name until somebody takes it.",
            $"Write {now} in GitHub:Repositories; the issues keep their history."),
        { Archived: true } =>
            Finding.Failure($"{repository} is archived: nothing can be written.", "Remove it from GitHub:Repositories, or unarchive it."),
        { HasIssues: false } =>
            Finding.Failure($"Issues are switched off in {repository}.", "Switch them on in the repository's settings."),
        _ when options.Value.UsesApp => Finding.Ok($"{repository} is visible to the App."),
        { Permissions: { Push: false, Triage: false, Admin: false, Maintain: false } } =>
            Finding.Failure($"{connections.App.Setting} can see {repository} but may not write to it.",
                "Give it read and write access to issues (role triage at least)."),
        var seen when LackingScope(answer, seen) is { } scope => WithoutScope(connections.App, repository, scope),
        _ => Finding.Ok($"{repository} is visible, and the role of {connections.App.Setting} allows writing issues."),
    };

    private Finding JudgeAssignment(RepositoryRef repository, IApiResponse<Repository> answer) => answer.Body switch
    {
        { Permissions: { Push: false, Admin: false, Maintain: false } } => Finding.Failure(
            $"{connections.User.Setting} can see {repository} but may not assign anybody.",
            "Give its user write access to the repository: GitHub requires it for assigning the coding agent."),
        var seen when LackingScope(answer, seen) is { } scope => WithoutScope(connections.User, repository, scope),
        _ => Finding.Ok($"{repository} is visible, and the role of {connections.User.Setting} allows assigning."),
    };

    private static Finding WithoutScope(GitHubApiClient client, RepositoryRef repository, string scope) =>
        Finding.Failure($"{client.Setting} is a classic token without the scope '{scope}', which {repository} needs.",
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
