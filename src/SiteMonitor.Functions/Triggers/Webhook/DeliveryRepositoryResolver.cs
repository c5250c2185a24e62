using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Integrations.GitHub.Webhooks;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>Finds the keys of a delivery's repositories, so that a renamed repository's deliveries go on under its first name.</summary>
public sealed partial class DeliveryRepositoryResolver(
    RepositoryNames names,
    RepositoryScope scope,
    RepositoryResolver resolver,
    TimeProvider time,
    ILogger<DeliveryRepositoryResolver> logger)
{
    private static readonly TimeSpan ReadAgainAfter = TimeSpan.FromMinutes(1);
    private DateTimeOffset? _readAt;

    /// <summary>Returns the delivery with the keys of its repository and of those whose issues its pull request closes.</summary>
    public async Task<WebhookDelivery> ResolveAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Repository is not { } shown)
        {
            return delivery;
        }

        RepositoryRef key;
        try
        {
            key = await FindKeyAsync(shown, delivery.RepositoryNodeId, cancellationToken);
        }
        catch (PipelineException failure)
        {
            Log.NotResolved(logger, shown, failure);
            key = names.FindKey(shown);
        }

        return delivery with { Repository = key, PullRequest = delivery.PullRequest is { } pull ? WithKeys(pull, shown, key) : null };
    }

    private WebhookPullRequest WithKeys(WebhookPullRequest pull, RepositoryRef shown, RepositoryRef key) => pull with
    {
        Closes =
        [
            .. pull.Closes
                .Select(issue => issue with { Repository = issue.Repository == shown ? key : names.FindKey(issue.Repository) })
                .Distinct(),
        ],
    };

    private async Task<RepositoryRef> FindKeyAsync(RepositoryRef shown, string nodeId, CancellationToken cancellationToken)
    {
        RepositoryRef key = await names.FindKeyAsync(shown, cancellationToken);
        if (names.IsDamaged)
        {
            Log.Damaged(logger);
        }

        if (nodeId.Length == 0)
        {
            return key;
        }

        if (names.FindKey(nodeId) is null && !scope.Includes(key))
        {
            // It may be a configured repository under a new name.
            await ReadConfiguredAsync(cancellationToken);
        }

        if (names.FindKey(nodeId) is { } known)
        {
            if (names.FindCurrentName(known) != shown)
            {
                // Either the repository was renamed, or an old delivery was sent again: GitHub says which repository has the name now.
                await resolver.ReadAsync([shown], cancellationToken);
            }

            return known;
        }

        return scope.Includes(key) ? await names.RecordAsync(nodeId, shown, shown, cancellationToken) : key;
    }

    /// <summary>Reads the node ids of configured repositories that were never seen; at most once a minute.</summary>
    private async Task ReadConfiguredAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        RepositoryRef[] unseen = [.. scope.Configured.Where(r => !names.IsKnown(r))];
        if (unseen.Length == 0 || (_readAt is { } readAt && now - readAt < ReadAgainAfter))
        {
            return;
        }

        _readAt = now;
        await resolver.ReadAsync(unseen, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(315, LogLevel.Error, "The stored repository names are damaged and were ignored; run 'sitemonitor doctor'")]
        public static partial void Damaged(ILogger logger);

        [LoggerMessage(313, LogLevel.Warning, "The stored names of {Repository} could not be read; the name in the delivery is used")]
        public static partial void NotResolved(ILogger logger, RepositoryRef repository, Exception exception);
    }
}
