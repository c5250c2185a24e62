using Microsoft.Azure.Functions.Worker;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Functions.Timers;

namespace SiteMonitor.LocalHost.Functions;

/// <summary>The functions of an app by trigger. The setting <c>AzureWebJobs.{name}.Disabled</c> leaves one out, as in Azure.</summary>
internal sealed class FunctionApp
{
    private FunctionApp(IReadOnlyList<FunctionDescriptor> functions) => Functions = functions;

    public IReadOnlyList<FunctionDescriptor> Functions { get; }

    /// <exception cref="FunctionDefinitionException">Functions cannot run as they are written; every problem is listed.</exception>
    public static FunctionApp Discover(IEnumerable<Type> types, IConfiguration settings)
    {
        FunctionDescriptor[] functions =
            [.. FunctionDiscovery.Discover(types).Where(f => !settings.GetValue<bool>($"AzureWebJobs.{f.Name}.Disabled"))];
        string[] problems =
            [.. functions.Where(
                f => f.Trigger is not (
                    HttpTriggerAttribute or TimerTriggerAttribute or OrchestrationTriggerAttribute or ActivityTriggerAttribute))
                .Select(f => $"{f.Name}: this host knows no {f.Trigger.GetType().Name}.")];
        return problems.Length == 0 ? new FunctionApp(functions) : throw new FunctionDefinitionException(problems);
    }

    public IReadOnlyList<HttpFunction> Http(IServiceProvider services, string routePrefix) =>
        Create<HttpTriggerAttribute, HttpFunction>(services, routePrefix);

    public IReadOnlyList<TimerFunction> Timers(IServiceProvider services) => Create<TimerTriggerAttribute, TimerFunction>(services);

    private TFunction[] Create<TTrigger, TFunction>(IServiceProvider services, params object[] arguments)
    {
        List<string> problems = [];
        List<TFunction> created = [];
        foreach (FunctionDescriptor function in Functions.Where(f => f.Trigger is TTrigger))
        {
            try
            {
                created.Add(ActivatorUtilities.CreateInstance<TFunction>(services, [function, .. arguments]));
            }
            catch (FunctionDefinitionException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        return problems.Count == 0 ? [.. created] : throw new FunctionDefinitionException(problems);
    }
}
