using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>
/// A client on the engine that loses races as Azure Storage's do: a start that comes too late is told "started", and its input is gone.
/// </summary>
internal sealed class RacingClient(DurableTaskClient inner) : DurableTaskClient("racing")
{
    /// <summary>How often it looks before the other start, and finds nothing.</summary>
    public int StaleReads { get; set; }

    /// <summary>What happens between its looks and its starts.</summary>
    public Func<Task> BeforeStart { get; init; } = () => Task.CompletedTask;

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        await BeforeStart();
        try
        {
            return await inner.ScheduleNewOrchestrationInstanceAsync(orchestratorName, input, options, cancellation);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return options!.InstanceId!;
        }
    }

    public override Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default) =>
        inner.RaiseEventAsync(instanceId, eventName, eventPayload, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        inner.WaitForInstanceStartAsync(instanceId, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        inner.WaitForInstanceCompletionAsync(instanceId, getInputsAndOutputs, cancellation);

    public override Task SuspendInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        inner.SuspendInstanceAsync(instanceId, reason, cancellation);

    public override Task ResumeInstanceAsync(string instanceId, string? reason = null, CancellationToken cancellation = default) =>
        inner.ResumeInstanceAsync(instanceId, reason, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default) =>
        StaleReads-- > 0
            ? Task.FromResult<OrchestrationMetadata?>(null)
            : inner.GetInstancesAsync(instanceId, getInputsAndOutputs, cancellation);

    public override AsyncPageable<OrchestrationMetadata> GetAllInstancesAsync(OrchestrationQuery? filter = null) => inner.GetAllInstancesAsync(filter);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
