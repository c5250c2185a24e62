using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Runs;

/// <summary>Waits for the plans of dry runs by polling their status: the client's own wait polls only every few seconds.</summary>
public sealed class DryRuns(IOptions<PipelineOptions> options)
{
    private const string Pending = "The plan is not ready yet: ask again at the status path.";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Callers wait by the system clock, even where time is simulated.</summary>
    private static readonly TimeProvider Clock = TimeProvider.System;

    public async Task<DryRunState> WaitAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken) =>
        (await WaitAllAsync(client, [instanceId], cancellationToken))[instanceId];

    /// <summary>Waits for several dry runs, no longer than for one.</summary>
    public async Task<IReadOnlyDictionary<string, DryRunState>> WaitAllAsync(
        DurableTaskClient client, IReadOnlyCollection<string> instanceIds, CancellationToken cancellationToken)
    {
        Dictionary<string, DryRunState> states = instanceIds.ToDictionary(id => id, _ => new DryRunState(null, false, Pending));
        return await PollAsync(
            async () =>
            {
                foreach (string id in instanceIds.Where(id => states[id].IsPending))
                {
                    states[id] = await ReadAsync(client, id, cancellationToken);
                }

                return states;
            },
            static found => found.Values.Any(s => s.IsPending),
            cancellationToken);
    }

    /// <summary>Reads until the result is no longer pending, or the caller of a dry run has waited long enough.</summary>
    public async Task<T> PollAsync<T>(Func<Task<T>> read, Func<T, bool> isPending, CancellationToken cancellationToken)
    {
        long started = Clock.GetTimestamp();
        while (true)
        {
            T result = await read();
            if (!isPending(result) || Clock.GetElapsedTime(started) >= options.Value.DryRunWait)
            {
                return result;
            }

            await Task.Delay(Interval, Clock, cancellationToken);
        }
    }

    public static async Task<DryRunState> ReadAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        OrchestrationMetadata? instance = await client.GetInstanceAsync(instanceId, getInputsAndOutputs: true, cancellationToken);
        return instance switch
        {
            { RuntimeStatus: OrchestrationRuntimeStatus.Completed } when instance.ReadOutputAs<PipelineResult>()?.Plan is { } plan =>
                new DryRunState(plan, false, "Nothing was written."),
            { IsCompleted: true } => new DryRunState(null, true, InstanceFailure.GetReason(instance)),
            _ => new DryRunState(null, false, Pending),
        };
    }
}

/// <summary>The state of a dry run.</summary>
/// <param name="Plan">Set when it succeeded.</param>
/// <param name="HasFailed">Whether it ended without a plan.</param>
/// <param name="Detail">Display text.</param>
public sealed record DryRunState(DryRunPlan? Plan, bool HasFailed, string Detail)
{
    public bool IsPending => Plan is null && !HasFailed;
}
