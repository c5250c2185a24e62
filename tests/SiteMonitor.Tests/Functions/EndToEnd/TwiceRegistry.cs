using Microsoft.DurableTask;
using SiteMonitor.LocalHost.Durable;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Runs every activity twice, one after the other, as a crash between an activity's work and its result does; the second answer counts.</summary>
internal sealed class DuplicatingRegistry(DurableTaskFunctions inner) : IDurableTaskRegistry
{
    public void AddOrchestrator(string name, Func<TaskOrchestrationContext, Task<object?>> run) => inner.AddOrchestrator(name, run);

    public void AddActivity(string name, Func<ActivityInvocation, CancellationToken, Task<object?>> run, Type? inputType) => inner.AddActivity(
        name,
        async (activity, stop) =>
        {
            await run(activity, stop);
            return await run(activity, stop);
        },
        inputType);
}
