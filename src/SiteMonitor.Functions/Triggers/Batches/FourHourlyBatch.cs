using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Triggers.Batches;

/// <summary>Starts runs on the issues that no webhook delivery started, every four hours (UTC).</summary>
public sealed partial class FourHourlyBatch(
    BatchStarter batch,
    RepositoryScope scope,
    RepositoryNames names,
    IRoutePolicy policy,
    IOptions<PipelineOptions> options,
    ILogger<FourHourlyBatch> logger)
{
    /// <summary>GitHub's secondary limits last a minute or two: waiting that long is better than waiting four hours.</summary>
    private static readonly TimeSpan MaxListingWait = TimeSpan.FromMinutes(3);

    [Function(nameof(FourHourlyBatch))]
    public async Task RunAsync(
        [TimerTrigger("0 0 */4 * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        TriggerDecision decision = await policy.MayStartAsync(AutomaticTrigger.Timer, cancellationToken);
        if (!decision.MayStart)
        {
            Log.SwitchedOff(logger, decision.Reason);
            return;
        }

        if (scope.Configured.Count == 0)
        {
            Log.NoRepository(logger);
            return;
        }

        BatchRequest request = new() { BatchSize = options.Value.TimerBatchSize };
        IReadOnlyList<RepositoryRef> repositories = await names.FindKeysAsync(scope.Configured, cancellationToken);
        BatchResponse response = await batch.StartAsync(
            client, request, repositories, TriggerNames.Timer, legacyCommand: string.Empty, MaxListingWait, cancellationToken);
        Log.Started(logger, response.Started, response.Issues.Count, timer.IsPastDue, response.Deferred);
        foreach (string problem in response.Problems)
        {
            Log.NotListed(logger, problem);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(321, LogLevel.Information, "The batch timer started no runs: {Reason}")]
        public static partial void SwitchedOff(ILogger logger, string reason);

        [LoggerMessage(322, LogLevel.Information, "The timer started {Started} of {Candidates} issues (past due: {PastDue}); " +
            "the phase's intake left {Deferred} for a later day")]
        public static partial void Started(ILogger logger, int started, int candidates, bool pastDue, int deferred);

        [LoggerMessage(323, LogLevel.Warning, "A repository could not be listed: {Problem}")]
        public static partial void NotListed(ILogger logger, string problem);

        [LoggerMessage(324, LogLevel.Warning, "The timer is switched on but starts nothing, because GitHub:Repositories is empty: " +
            "list the repositories there")]
        public static partial void NoRepository(ILogger logger);
    }
}
