using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Activities;

/// <summary>One try of a <see cref="Redelivery"/> to have its run started.</summary>
public sealed class StartWork(ActivityExecutor runner)
{
    [Function(nameof(StartWork))]
    public Task<ActivityResult<StartWorkResult>> RunAsync(
        [ActivityTrigger] RedeliveryInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(StartWork), input.Issue, async () => CallResult<StartWorkResult>.Ok(await RunStarter.RetryAsync(client, input, cancellationToken)));
}
