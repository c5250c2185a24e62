using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Functions.Orchestrations;

namespace SiteMonitor.Benchmarks.Webhook;

/// <summary>Stands in the pipeline's place: begins and ends.</summary>
internal static class AcknowledgedRun
{
    [Function(nameof(IssuePipeline))]
    public static Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => Task.FromResult(context.InstanceId);
}
