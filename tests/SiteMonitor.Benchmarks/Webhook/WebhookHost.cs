using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Triggers.Webhook;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Benchmarks.Webhook;

/// <summary>
/// LocalHost with the real webhook function. The run that a delivery starts ends at once, because runs are measured by the pipeline
/// benchmark.
/// </summary>
internal static class WebhookHost
{
    public const string Command = "webhook-host";

    /// <summary>A peer has to be started with the same.</summary>
    public const string Secret = "dev-secret";

    public static async Task<int> RunAsync(string folder)
    {
        await using WebApplication host = Build(folder);
        await host.StartAsync();
        string address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Console.WriteLine($"{HostProcess.ListeningOn}{address}/");
        await host.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(string folder)
    {
        File.WriteAllText(Path.Combine(folder, HostJson.FileName), """{"version":"2.0","logging":{"logLevel":{"default":"None"}},"extensions":{"http":{"routePrefix":"api"}}}""");
        DataDirectory data = DataDirectory.Open(Path.Combine(folder, "data"));
        return LocalHostApplication.Build(new LocalHostOptions
        {
            Root = folder,
            Data = data,
            Keys = KeyFile.ReadOrCreate(data),
            UseEnvironment = false,
            FunctionTypes = [typeof(GitHubWebhook), typeof(AcknowledgedRun)],
            AddApp = static (services, configuration) => services.AddSiteMonitor(configuration),
            Override = static services => services.AddSingleton<IRoutePolicy, OpenRoutePolicy>(),
            Settings = new Dictionary<string, string?>
            {
                ["GitHub:WebhookSecret"] = Secret,
                ["GitHub:Token"] = "none",
                ["GitHub:CopilotToken"] = "none",
                ["GitHub:Repositories"] = SignedDelivery.Repository,
                ["AzureOpenAI:Endpoint"] = "https://localhost/",
                ["AzureOpenAI:Deployment"] = "none",
                ["AzureOpenAI:ApiKey"] = "none",
                ["FeatureFlags:File"] = Path.Combine(folder, "flags.json"),
            },
        });
    }
}

/// <summary>Replaces the pipeline by an orchestration that ends at once.</summary>
internal static class AcknowledgedRun
{
    [Function(nameof(IssuePipeline))]
    public static Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => Task.FromResult(context.InstanceId);
}

/// <summary>Lets every trigger start; nothing else is called in this benchmark.</summary>
internal sealed class OpenRoutePolicy : IRoutePolicy
{
    public Task<TriggerDecision> MayStartAsync(AutomaticTrigger trigger, CancellationToken cancellationToken) =>
        Task.FromResult(new TriggerDecision(true, "Benchmark"));

    public Task<RouteDecision> DecideAsync(IssueRef issue, IReadOnlyCollection<string> labels,
    CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RouteDecision> DecideAsync(
        FlagSnapshot flags, IssueRef issue, IReadOnlyCollection<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<bool> IsStillValidAsync(RouteDecision decision, IReadOnlyList<Stage> stages, IssueRef issue, IReadOnlyCollection<string> labels,
    CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<LegacyCommandMode> GetLegacyCommandModeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
