using Microsoft.DurableTask;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>What one execution of an instance is made of.</summary>
internal sealed record ExecutionSetup(string InstanceId, string Name, string Version, int Generation, InstanceParent? Parent, string? Input)
{
    public required DurableEngineOptions Options { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    public required Func<TaskOrchestrationContext, Task<object?>>? Function { get; init; }

    /// <summary>Begins the orchestrator; what it throws at once is in the task, as what it throws later.</summary>
    public Task<object?> Invoke(TaskOrchestrationContext context)
    {
        try
        {
            return Function is { } function
                ? function(context)
                : throw new InvalidOperationException($"The function '{Name}' doesn't exist, is disabled, or is not an orchestrator function.");
        }
#pragma warning disable CA1031 // Whatever the orchestrator throws fails its instance and nothing else.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Task.FromException<object?>(failure);
        }
    }
}
