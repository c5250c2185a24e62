using Microsoft.Extensions.Options;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Runs a check for each configured repository; a failure becomes a finding of that repository.</summary>
internal sealed class RepositoryCheckRunner(IOptions<GitHubOptions> options)
{
    public bool IsEmpty => options.Value.Repositories.Length == 0;

    /// <param name="ask">Asks GitHub about one repository.</param>
    /// <param name="judge">Makes a finding of the answer.</param>
    public async Task<IReadOnlyList<Finding>> RunAsync<T>(
        Func<RepositoryRef, Task<CallResult<T>>> ask, Func<RepositoryRef, T, Task<Finding>> judge)
        where T : class
    {
        List<Finding> findings = [];
        foreach (RepositoryRef repository in options.Value.Repositories.Select(RepositoryRef.Parse))
        {
            findings.Add(await CheckAsync(repository, ask, judge));
        }

        return findings;
    }

    public Task<IReadOnlyList<Finding>> RunAsync<T>(Func<RepositoryRef, Task<CallResult<T>>> ask, Func<RepositoryRef, T, Finding> judge)
        where T : class =>
        RunAsync(ask, (repository, answer) => Task.FromResult(judge(repository, answer)));

    private static async Task<Finding> CheckAsync<T>(
        RepositoryRef repository, Func<RepositoryRef, Task<CallResult<T>>> ask, Func<RepositoryRef, T, Task<Finding>> judge)
        where T : class
    {
        try
        {
            CallResult<T> result = await ask(repository);
            return result.Value is { } answer
                ? await judge(repository, answer)
                : Finding.Warning($"{repository}: a rate limit prevents the check until {result.RetryAt:u}.", "Run the doctor again then.");
        }
        catch (PipelineException failure)
        {
            return Finding.Failure($"{repository}: {failure.Message}",
                "Check the name in GitHub:Repositories and the credential's permissions; then run the doctor again.");
        }
    }
}
