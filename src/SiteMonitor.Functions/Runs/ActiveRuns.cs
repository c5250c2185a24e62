using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Functions.Runs;

/// <summary>Reads the runs in progress from the durable engine.</summary>
internal static class ActiveRuns
{
    private const int Most = 200;

    /// <summary>Returns at most 200 runs, the oldest first; dry runs are left out.</summary>
    public static async Task<IReadOnlyList<ActiveRun>> ListAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        List<ActiveRun> found = [];
        OrchestrationQuery query = new(
            Statuses: [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running], PageSize: Most,
            FetchInputsAndOutputs: true);
        await foreach (OrchestrationMetadata instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            if (instance.Name == PipelineInput.Orchestrator && instance.ReadInputAs<PipelineInput>() is { DryRun: false } input)
            {
                RunProgress? progress = instance.SerializedCustomStatus is null ? null : instance.ReadCustomStatusAs<RunProgress>();
                found.Add(new ActiveRun(
                    instance.InstanceId,
                    input.Issue,
                    WireName.Of(instance.RuntimeStatus),
                    progress?.Step ?? string.Empty,
                    progress?.Detail ?? string.Empty,
                    progress?.Since,
                    instance.CreatedAt));
            }

            if (found.Count == Most)
            {
                break;
            }
        }

        return [.. found.OrderBy(r => r.Started).ThenBy(r => r.InstanceId, StringComparer.Ordinal)];
    }
}
