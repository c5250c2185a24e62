using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Commands;

/// <summary>What an old command is to work on.</summary>
/// <param name="Issue">Null for a batch.</param>
/// <param name="Repositories">Those of the batch, or the issue's.</param>
internal sealed record CommandTarget(IssueRef? Issue, IReadOnlyList<RepositoryRef> Repositories)
{
    /// <summary>The target, or null with the faults.</summary>
    public static CommandTarget? Of(CommandRequest wanted, RepositoryScope scope, List<string> errors)
    {
        RepositoryRef? named = null;
        if (wanted.Repository is { Length: > 0 } text && !RepositoryRef.TryParse(text, out named))
        {
            errors.Add("repository: is not the name of a repository: write owner/name.");
        }

        IReadOnlyList<RepositoryRef> repositories = named is not null ? [named] : scope.Configured;
        if (errors.Count == 0 && repositories.Count == 0)
        {
            errors.Add("repository: missing, and GitHub:Repositories is not set: name one.");
        }

        if (wanted.BatchSize is < 1 or > BatchRequest.MaxSize)
        {
            errors.Add($"batchSize: must lie between 1 and {BatchRequest.MaxSize}.");
        }

        if (wanted.Issue < 1)
        {
            errors.Add("issue: is not an issue's number: a whole number from 1.");
        }
        else if (wanted.Issue is not null && repositories.Count > 1)
        {
            errors.Add("repository: missing, and GitHub:Repositories has several: say which one the issue is in.");
        }

        return errors.Count > 0 ? null
            : new CommandTarget(wanted.Issue is { } number ? new IssueRef(repositories[0], number) : null, repositories);
    }
}
