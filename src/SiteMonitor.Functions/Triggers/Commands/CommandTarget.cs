using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Commands;

/// <summary>What an old command works on.</summary>
/// <param name="Issue">Null for a batch.</param>
/// <param name="Repositories">The batch's repositories, or the issue's.</param>
internal sealed record CommandTarget(IssueRef? Issue, IReadOnlyList<RepositoryRef> Repositories)
{
    /// <summary>Returns the target with the keys of renamed repositories.</summary>
    public async Task<CommandTarget> WithKeysAsync(RepositoryResolver resolver, CancellationToken cancellationToken) => new(
        Issue is null ? null : Issue with { Repository = await resolver.FindKeyAsync(Issue.Repository, cancellationToken) },
        await resolver.FindKeysAsync(Repositories, cancellationToken));

    /// <summary>Returns the target, or null with errors.</summary>
    public static CommandTarget? Parse(CommandRequest request, RepositoryScope scope, List<string> errors)
    {
        IReadOnlyList<RepositoryRef> repositories = RequestChecks.ParseRepositories(request.Repository, scope, errors);
        RequestChecks.CheckBatchSize(request.BatchSize, errors);
        if (request.Issue < 1)
        {
            errors.Add("issue: is not an issue's number: a whole number from 1.");
        }
        else if (request.Issue is not null && repositories.Count > 1)
        {
            errors.Add("repository: missing, and GitHub:Repositories lists several: name the one that has the issue.");
        }

        return errors.Count > 0
            ? null
            : new CommandTarget(request.Issue is { } number ? new IssueRef(repositories[0], number) : null, repositories);
    }
}
