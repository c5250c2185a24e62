using Microsoft.DurableTask;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>The functions the engine can run, by name (case makes no difference). To be filled before the host starts: what is found unfinished goes on at once.</summary>
public interface IDurableTaskRegistry
{
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run);

    /// <param name="inputType">What the function takes; null when it takes nothing.</param>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    void AddActivity(string name, Func<ActivityInvocation, CancellationToken, Task<object?>> run, Type? inputType);
}
