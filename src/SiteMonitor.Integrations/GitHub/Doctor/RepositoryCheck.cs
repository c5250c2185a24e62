using Microsoft.Extensions.Options;
using Octokit;
using SiteMonitor.Core.Doctor;
using SiteMonitor.Core.Failures;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Http;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Whether the working credential sees each repository and may write its issues, as far as GitHub says.</summary>
internal sealed class RepositoryCheck(IOptions<GitHubOptions> options, GitHubConnections connections) : IDoctorCheck
{
    public string Name => "repositories";

    public int Order => 30;

    public async Task<IReadOnlyList<Finding>> CheckAsync(bool fix, CancellationToken cancellationToken)
    {
        List<Finding> findings = [];
        foreach (RepositoryRef repository in options.Value.Repositories.Select(RepositoryRef.Parse))
        {
            findings.Add(await LookAsync(repository, cancellationToken));
        }

        return findings.Count > 0
            ? findings
            : [Finding.Warning("GitHub:Repositories is empty: every signed delivery is taken, and timer and batches have nothing to work on.", "Name the repositories, owner/name, separated by commas.")];
    }

    private async Task<Finding> LookAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        CallResult<Repository> result = await connections.App.CallAsync(
            new RequestTag(RequestKind.Read, extra: true), $"reading {repository}", github => github.Repository.Get(repository.Owner, repository.Name), cancellationToken);
        return result.Value switch
        {
            null => Finding.Warning($"{repository}: a rate limit bars the look until {result.RetryAt:u}.", "Run the doctor again then."),
            { Archived: true } => Finding.Failure($"{repository} is archived: nothing can be written.", "Take it out of GitHub:Repositories, or unarchive it."),
            { HasIssues: false } => Finding.Failure($"Issues are switched off in {repository}.", "Switch them on in the repository's settings."),
            { Permissions: { Push: false, Triage: false, Admin: false, Maintain: false } } when !options.Value.UsesApp =>
                Finding.Failure($"{connections.App.Setting} sees {repository} and may not write.", "Give it read and write access to issues (role triage at least)."),
            _ when options.Value.UsesApp =>
                Finding.Ok($"{repository} is visible to the App. GitHub tells only at the first write whether it may write issues."),
            _ => Finding.Ok($"{repository} is visible, and the credential's role allows writing issues."),
        };
    }
}
