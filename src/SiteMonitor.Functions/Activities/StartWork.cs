using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>Makes one attempt of a redelivery to start its run.</summary>
public sealed class StartWork(ActivityExecutor executor)
{
    [Function(nameof(StartWork))]
    public Task<ActivityResult<StartWorkResult>> RunAsync(
        [ActivityTrigger] RedeliveryInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        executor.RunAsync(
            nameof(StartWork),
            input.Issue,
            async () => CallResult<StartWorkResult>.Ok(await RunStarter.RetryAsync(client, input, cancellationToken)));
}
