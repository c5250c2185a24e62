using System.Diagnostics;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Triggers.Webhook;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Benchmarks.Webhook;

/// <summary>
/// Deliveries as GitHub sends them to the real webhook function on LocalHost: signature, parsing, durable start (synced to disk) and
/// response, each for another issue. The started run ends at once, because runs are measured by the pipeline benchmark. Client and host
/// share the process and the processors. With a peer, its webhook gets as many deliveries of the same kind right after; its processor time
/// is not seen.
/// </summary>
internal static class WebhookBenchmark
{
    /// <summary>A peer has to be started with the same.</summary>
    private const string Secret = "dev-secret";
    private const int WarmUp = 3_000;
    private static readonly int[] Connections = [1, 16, 64];

    public static async Task<BenchmarkResult> RunAsync(BenchmarkOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("sitemonitor-bench-").FullName;
        try
        {
            await using WebApplication host = Build(folder);
            await host.StartAsync();
            string address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            List<BenchmarkResult> runs = await MeasureAsync(new Uri(new Uri(address), "/api/github/webhook"), "SiteMonitor", options);
            BenchmarkResult result = runs[^1];
            if (options.Peer is { } peer)
            {
                runs.AddRange(await MeasureAsync(peer, "peer", options));
            }

            await host.StopAsync();
            return result with { Runs = runs };
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
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

    private static SignedDelivery[] Deliveries(int count, ref int issue)
    {
        SignedDelivery[] deliveries = new SignedDelivery[count];
        for (int n = 0; n < count; n++)
        {
            deliveries[n] = SignedDelivery.Labelled(++issue, Secret);
        }

        return deliveries;
    }

    private static async Task<List<BenchmarkResult>> MeasureAsync(Uri webhook, string name, BenchmarkOptions options)
    {
        int deliveries = options.Instances ?? 10_000;
        int issue = 0;
        await MeasureAsync(webhook, Deliveries(WarmUp, ref issue), 64, options);
        List<BenchmarkResult> runs = [];
        foreach (int connections in Connections)
        {
            SignedDelivery[] sent = Deliveries(connections == 1 ? deliveries / 5 : deliveries, ref issue);
            runs.Add(await MeasureAsync(webhook, sent, connections, options) with { Case = name });
        }

        return runs;
    }

    private static async Task<BenchmarkResult> MeasureAsync(
        Uri webhook, SignedDelivery[] deliveries, int connections, BenchmarkOptions options)
    {
        using SocketsHttpHandler handler = new() { MaxConnectionsPerServer = connections, UseProxy = false };
        using HttpClient client = new(handler);
        double[] latencies = new double[deliveries.Length];
        int next = -1;
        Meter meter = new();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            for (int n = Interlocked.Increment(ref next); n < deliveries.Length; n = Interlocked.Increment(ref next))
            {
                long started = Stopwatch.GetTimestamp();
                using HttpRequestMessage request = deliveries[n].ToRequest(webhook);
                using HttpResponseMessage response = await client.SendAsync(request);
                if (!response.IsSuccessStatusCode)
                {
                    throw new InvalidOperationException(
                        $"The webhook answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
                }

                latencies[n] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
            }
        })));
        BenchmarkResult result = meter.Result(deliveries.Length, options);
        Array.Sort(latencies);
        return result with
        {
            Clients = connections,
            P50Milliseconds = Meter.Percentile(latencies, 0.5),
            P99Milliseconds = Meter.Percentile(latencies, 0.99),
        };
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
