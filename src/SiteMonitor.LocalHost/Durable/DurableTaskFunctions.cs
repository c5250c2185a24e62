using Microsoft.DurableTask;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>The functions registered with the engine.</summary>
internal sealed class DurableTaskFunctions : IDurableTaskRegistry
{
    private readonly Dictionary<string, Func<TaskOrchestrationContext, Task<object?>>> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Func<ActivityInvocation, CancellationToken, Task<object?>>> _activities = new(StringComparer.OrdinalIgnoreCase);

    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _orchestrators.Add(name, run);
    }

    public void AddActivity(string name, Func<ActivityInvocation, CancellationToken, Task<object?>> run, Type? inputType)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _activities.Add(name, run);
    }

    public Func<TaskOrchestrationContext, Task<object?>>? Orchestrator(string name) => _orchestrators.GetValueOrDefault(name);

    public Func<ActivityInvocation, CancellationToken, Task<object?>>? Activity(string name) => _activities.GetValueOrDefault(name);
}
