using DurableTask.Sqlite.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.LocalHost.Functions.Invocation;

namespace SiteMonitor.LocalHost.Functions.Orchestrations;

/// <summary>Hands orchestrators and activities to the durable engine.</summary>
internal static class DurableFunctionBinding
{
    /// <summary>Names in an activity's binding data that other parameters may ask for.</summary>
    private const string InstanceId = "instanceId";

    private static readonly IReadOnlyDictionary<string, object?> NoData = new Dictionary<string, object?>();

    /// <exception cref="FunctionDefinitionException">A function cannot be run as it is written; every fault is named.</exception>
    public static void Register(IReadOnlyList<FunctionDescriptor> functions, TaskHubFunctions registry, IServiceProvider services)
    {
        List<string> problems = [];
        foreach (FunctionDescriptor function in functions)
        {
            try
            {
                switch (function.Trigger)
                {
                    case OrchestrationTriggerAttribute:
                        AddOrchestrator(function, registry, services);
                        break;
                    case ActivityTriggerAttribute:
                        AddActivity(
                            function, registry,
                            services.GetRequiredService<IServiceScopeFactory>(), [.. services.GetServices<IActivityObserver>()]);
                        break;
                }
            }
            catch (FunctionDefinitionException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        if (problems.Count > 0)
        {
            throw new FunctionDefinitionException(problems);
        }
    }

    private static void AddOrchestrator(FunctionDescriptor function, TaskHubFunctions registry, IServiceProvider services)
    {
        if (function.TriggerParameter.ParameterType != typeof(TaskOrchestrationContext))
        {
            throw new FunctionDefinitionException(
                [$"{function.Name}: the trigger's parameter of {function.EntryPoint} must be a TaskOrchestrationContext."]);
        }

        FunctionInvoker invoker = new(function, []);

        // No scope: an orchestrator's execution may be dropped at any await and replayed later.
        registry.AddOrchestrator(function.Name, context =>
            invoker.InvokeAsync(new LocalFunctionContext(invoker.Definition, context, services, NoData, CancellationToken.None)));
    }

    private static void AddActivity(
        FunctionDescriptor function, TaskHubFunctions registry, IServiceScopeFactory scopes, IActivityObserver[] observers)
    {
        FunctionInvoker invoker = new(function, [InstanceId]);
        registry.AddActivity(
            function.Name,
            function.TriggerParameter.ParameterType,
            async (activity, input, stopping) =>
            {
                foreach (IActivityObserver observer in observers)
                {
                    observer.Starting(activity.InstanceId, function.Name);
                }

                await using AsyncServiceScope scope = scopes.CreateAsyncScope();
                Dictionary<string, object?> data = new(StringComparer.OrdinalIgnoreCase) { [InstanceId] = activity.InstanceId };
                return await invoker.InvokeAsync(
                    new LocalFunctionContext(invoker.Definition, input, scope.ServiceProvider, data, stopping));
            });
    }
}
