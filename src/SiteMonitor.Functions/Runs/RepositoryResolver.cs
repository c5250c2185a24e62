using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Runs;

/// <summary>Finds the keys of repositories by name, and asks GitHub about former names, which another repository may have now.</summary>
public sealed partial class RepositoryResolver(RepositoryNames names, IIssueTracker tracker, ILogger<RepositoryResolver> logger)
{
    /// <summary>GitHub waits ten seconds for the response to a delivery.</summary>
    private static readonly TimeSpan MaxReadTime = TimeSpan.FromSeconds(5);

    /// <summary>Returns the key of the repository that has this name now.</summary>
    public async Task<RepositoryRef> FindKeyAsync(RepositoryRef name, CancellationToken cancellationToken)
    {
        RepositoryRef key = await names.FindKeyAsync(name, cancellationToken);
        if (!names.IsFormerName(name))
        {
            return key;
        }

        // GitHub redirects a former name until another repository takes it.
        await ReadAsync([name], cancellationToken);
        return names.FindKey(name);
    }

    public async Task<IReadOnlyList<RepositoryRef>> FindKeysAsync(
        IEnumerable<RepositoryRef> repositories, CancellationToken cancellationToken)
    {
        List<RepositoryRef> keys = [];
        foreach (RepositoryRef repository in repositories)
        {
            keys.Add(await FindKeyAsync(repository, cancellationToken));
        }

        return [.. keys.Distinct()];
    }

    /// <summary>Asks GitHub which repositories have these names, and records them; without an answer nothing changes.</summary>
    public async Task ReadAsync(IEnumerable<RepositoryRef> requested, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(MaxReadTime);
        foreach (RepositoryRef name in requested)
        {
            try
            {
                if ((await tracker.ReadRepositoryAsync(name, timeout.Token)).Value is { } found)
                {
                    await names.RecordAsync(found.NodeId, found.Name, name, cancellationToken);
                }
            }
            catch (Exception failure) when (failure is PipelineException
                || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                Log.NotRead(logger, name, failure);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(314, LogLevel.Warning, "Repository {Repository} could not be read; a rename may go unnoticed")]
        public static partial void NotRead(ILogger logger, RepositoryRef repository, Exception exception);
    }
}
