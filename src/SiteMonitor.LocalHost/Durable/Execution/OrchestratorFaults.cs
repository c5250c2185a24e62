using System.Text;
using SiteMonitor.LocalHost.Durable.History;

namespace SiteMonitor.LocalHost.Durable.Execution;

/// <summary>What orchestrators do wrong without throwing, and how they are told.</summary>
internal static class OrchestratorFaults
{
    public static Failure? CustomStatusTooLarge(string? status, DurableEngineOptions options)
    {
        int size = status is null ? 0 : Encoding.Unicode.GetByteCount(status);
        return size <= options.MaxCustomStatusBytes ? null : new Failure(
            typeof(ArgumentException).FullName!,
            $"The UTF-16 size of the JSON-serialized payload must not exceed {options.MaxCustomStatusBytes / 1024} KB. The current payload is at {size / 1024} KB.",
            null,
            null);
    }

    public static Failure AwaitedSomethingElse(string orchestrator) => new(
        typeof(InvalidOperationException).FullName!,
        $"Orchestrator '{orchestrator}' awaited a task that is not a durable one (Task.Delay, Task.Run, an HTTP call, …). "
        + "An orchestrator may only await tasks of its TaskOrchestrationContext; move such work into an activity.",
        null,
        null);

    public static Failure HistoryTooLong(int turns) => new(
        typeof(InvalidOperationException).FullName!,
        $"The history has {turns:N0} turns, which is all one execution may have. An orchestration that runs on and on must continue as new.",
        null,
        null);

    public static InvalidOperationException AnotherThread() => new(
        "Multithreaded execution was detected. An orchestrator may only await tasks of its own context, without ConfigureAwait(false) or Task.Run: anything else belongs into an activity.");
}
