using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using SiteMonitor.LocalHost.Durable.Storage;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>What one execution of an instance is made of.</summary>
internal sealed record ExecutionSetup(string InstanceId, string Name, string Version, int Generation, InstanceParent? Parent, string? Input)
{
    public required DurableEngineOptions Options { get; init; }

    public required ILoggerFactory LoggerFactory { get; init; }

    public required Func<TaskOrchestrationContext, Task<object?>>? Function { get; init; }
}
