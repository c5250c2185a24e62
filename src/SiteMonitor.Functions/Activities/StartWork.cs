using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core.Failures;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Starting;

namespace SiteMonitor.Functions.Activities;

/// <summary>One try of a <see cref="Redelivery"/> to have its run started.</summary>
public sealed class StartWork(StepRunner runner)
{
    [Function(nameof(StartWork))]
    public Task<StepResult<StartAttempt>> RunAsync(
        [ActivityTrigger] RedeliveryInput input,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken) =>
        runner.RunAsync(nameof(StartWork), input.Issue, async () => CallResult<StartAttempt>.Ok(await RunStarter.TryAgainAsync(client, input, cancellationToken)));
}
