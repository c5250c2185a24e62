using Microsoft.DurableTask.Client;

namespace SiteMonitor.Functions.Starting;

/// <summary>Why a durable instance failed: some backends say it in the failure details, some in the output.</summary>
internal static class InstanceFailure
{
    public static string Of(OrchestrationMetadata instance) => instance.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Failed => instance.FailureDetails?.ErrorMessage ?? instance.SerializedOutput ?? "It failed without a message: see the log.",
        OrchestrationRuntimeStatus.Terminated => "An operator has terminated it.",
        _ => string.Empty,
    };
}
