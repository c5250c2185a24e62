using System.Net.Http.Json;
using DurableTask.Sqlite.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>The whole application in one process: the functions on LocalHost and its engine, GitHub and the model simulated, everything over HTTP.</summary>
internal sealed class PipelineApp : IAsyncDisposable
{
    public const string Repository = SeedCatalogue.Repository;
    public const string Secret = "a-secret-for-webhooks";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);
    private readonly TestDirectory _directory = new();
    private readonly ITestOutputHelper? _output = TestContext.Current.TestOutputHelper;
    private WebApplication? _host;

    private PipelineApp(SandboxServer gitHub)
    {
        GitHub = gitHub;
        Flags = new TestFlags(Path.Combine(_directory.Path, "flags.json")).Write();
    }

    public SandboxServer GitHub { get; }

    /// <summary>Durable timers run so many times as fast as the machine's clock.</summary>
    public const int ClockFactor = 50;

    public FastClock Clock { get; } = new(ClockFactor);

    /// <summary>
    /// Whether waiting for the end of runs skips to the next durable timer when nothing else is left to do. Leave it off where runs wait
    /// for GitHub's limits: these run on the machine's clock.
    /// </summary>
    public bool SkipsTimers { get; set; }

    public TestFlags Flags { get; }

    public MemoryLedger Ledger { get; } = new();

    public HttpClient Http { get; private set; } = new();

    public DurableTaskClient Durable => Services.GetRequiredService<DurableTaskClient>();

    public IServiceProvider Services => _host!.Services;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="webhooks">Whether the simulated GitHub sends its events to the application.</param>
    public static async Task<PipelineApp> StartAsync(bool webhooks = false, SandboxOptions? sandbox = null, Action<IServiceCollection>? services = null, Dictionary<string, string?>? settings = null)
    {
        SandboxOptions options = (sandbox ?? new SandboxOptions { Seeds = SeedSet.Empty }) with
        {
            Latency = new SandboxLatency { GitHub = TimeSpan.Zero, Model = TimeSpan.Zero },
            WebhookSecret = webhooks ? Secret : null,
        };
        PipelineApp app = new(await SandboxServer.StartAsync(options, Stop));
        await app.StartHostAsync(services, settings);
        if (webhooks)
        {
            app.GitHub.ConnectWebhook(new Uri(app.Http.BaseAddress!, "api/github/webhook"));
        }

        return app;
    }

    /// <summary>Opens an issue as the monitoring job would.</summary>
    public IssueRef Open(string title, string body, params string[] labels)
    {
        IssueView issue = GitHub.Perform(new UserAction { Do = UserActionKind.Open, Value = title, Text = body, Labels = labels, Login = "watchtower-monitor[bot]" })!;
        return IssueRef.Parse($"{Repository}#{issue.Number}");
    }

    /// <summary>An issue that the simulated model gives to the intelligence analyst.</summary>
    public IssueRef OpenClear(params string[] labels) => Open(
        "New ransomware campaign against grid operators",
        "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.",
        ["site-monitor", .. labels]);

    /// <summary>An issue that both the model and the legacy rules give to the intelligence analyst.</summary>
    public IssueRef OpenForBoth() => Open(
        "New ransomware campaign against grid operators",
        "An apt, a threat-actor tracked as APT-C-39, runs a geopolitical ransomware campaign with new malware. It exploits CVE-2025-21418.",
        "site-monitor",
        "threat-assessment",
        "strategic-analysis");

    public IssueView View(IssueRef issue) => GitHub.Issue(issue.Number, issue.Repository.ToString())!;

    public void Person(UserActionKind deed, IssueRef issue, string value = "", string? text = null, string? before = null, string? after = null) =>
        GitHub.Perform(new UserAction { Do = deed, Number = issue.Number, Value = value, Text = text, Before = before, After = after });

    /// <summary>Starts a run by the manual route and waits for its record.</summary>
    public async Task<RunRecord> RunAsync(IssueRef issue, string stage = "auto")
    {
        int before = RecordsOf(issue).Count;
        HttpResponseMessage started = await PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest { Stage = stage });
        Assert.Equal(System.Net.HttpStatusCode.Accepted, started.StatusCode);
        await EndAsync(issue);
        return RecordsOf(issue).Skip(before).Last();
    }

    public Task<HttpResponseMessage> PostAsync<T>(string path, T body) => Http.PostAsJsonAsync(path, body, Stop);

    /// <summary>Waits until the issue's run has ended, and with it every other thing there is to do now.</summary>
    public async Task<OrchestrationMetadata> EndAsync(IssueRef issue)
    {
        Task<OrchestrationMetadata> end =
            Durable.WaitForInstanceCompletionAsync(issue.InstanceId, getInputsAndOutputs: true, Stop).WaitAsync(Patience, Stop);
        while (SkipsTimers && await Task.WhenAny(end, Task.Delay(PollInterval, TimeProvider.System, Stop)) != end)
        {
            SkipTimer();
        }

        return await end;
    }

    /// <summary>Waits until deliveries and runs have come to rest, redeliveries included.</summary>
    public async Task IdleAsync()
    {
        DateTimeOffset end = TimeProvider.System.GetUtcNow() + Patience;
        while (TimeProvider.System.GetUtcNow() < end)
        {
            await GitHub.WaitForDeliveriesAsync(Stop).WaitAsync(Patience, Stop);
            List<OrchestrationMetadata> on = await ActiveAsync();
            if (on.Count == 0 && GitHub.Stats.DeliveriesPending == 0)
            {
                return;
            }

            if (SkipsTimers)
            {
                SkipTimer();
            }

            await Task.Delay(PollInterval, TimeProvider.System, Stop);
        }

        throw new TimeoutException($"Still on: {string.Join(", ", (await ActiveAsync()).Select(i => $"{i.Name} {i.InstanceId} {i.SerializedCustomStatus}"))}");
    }

    public IReadOnlyList<RunRecord> RecordsOf(IssueRef issue) => [.. Ledger.Records.Where(r => r.Issue == issue.Canonical)];

    public async Task RestartAsync()
    {
        await StopHostAsync();
        await StartHostAsync(null, null);
    }

    public async ValueTask DisposeAsync()
    {
        await StopHostAsync();
        await GitHub.DisposeAsync();
        _directory.Dispose();
    }

    private void SkipTimer()
    {
        if (Services.GetRequiredService<EmbeddedTaskHub>() is { IsIdle: true, NextTimer: { } next })
        {
            Clock.SkipTo(next);
        }
    }

    private async Task<List<OrchestrationMetadata>> ActiveAsync()
    {
        List<OrchestrationMetadata> found = [];
        OrchestrationQuery query = new(Statuses: [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running]);
        await foreach (OrchestrationMetadata instance in Durable.GetAllInstancesAsync(query))
        {
            found.Add(instance);
        }

        return found;
    }

    private async Task StartHostAsync(Action<IServiceCollection>? services, Dictionary<string, string?>? settings)
    {
        _host = LocalHostApplication.Build(new LocalHostOptions
        {
            Root = _directory.Path,
            Data = DataDirectory.Open(Path.Combine(_directory.Path, "data")),
            Keys = new FunctionKeys("function-key", "master-key"),
            Port = 0,
            UseEnvironment = false,
            Settings = Settings(settings ?? []),
            FunctionTypes = typeof(IssuePipeline).Assembly.GetTypes(),
            AddApp = (collection, configuration) => collection.AddSiteMonitor(configuration),
            Override = collection =>
            {
                collection.AddSingleton<TimeProvider>(Clock);
                collection.AddSingleton(Flags);
                collection.AddSingleton<IRunLedger>(Ledger);
                collection.AddSingleton<ICurrentPhase, FixedPhase>();
                collection.AddLogging(logging => logging.ClearProviders().AddProvider(new TestOutputLogs(_output)));
                services?.Invoke(collection);
            },
        });
        await _host.StartAsync(Stop);
        string address = _host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        Http = new HttpClient { BaseAddress = new Uri(address), Timeout = Patience };
        Http.DefaultRequestHeaders.Add("x-functions-key", _host.Services.GetRequiredService<FunctionKeys>().Function);
    }

    private async Task StopHostAsync()
    {
        if (_host is { } host)
        {
            Http.Dispose();
            await host.StopAsync(CancellationToken.None);
            await host.DisposeAsync();
            _host = null;
        }
    }

    private Dictionary<string, string?> Settings(Dictionary<string, string?> more)
    {
        Dictionary<string, string?> settings = new()
        {
            ["GitHub:ApiBaseUrl"] = GitHub.BaseAddress.ToString(),
            ["GitHub:Token"] = GitHub.Credentials.Token,
            ["GitHub:CopilotToken"] = GitHub.Credentials.CopilotToken,
            ["GitHub:WebhookSecret"] = Secret,
            ["GitHub:Repositories"] = Repository,
            ["GitHub:WriteInterval"] = "00:00:00",
            ["GitHub:RequestTimeout"] = "00:00:05",
            ["GitHub:Limits:TimeScale"] = "60",
            ["AzureOpenAI:Endpoint"] = GitHub.BaseAddress.ToString(),
            ["AzureOpenAI:Deployment"] = GitHub.Credentials.ModelDeployment,
            ["AzureOpenAI:ApiKey"] = GitHub.Credentials.ModelApiKey,
            ["FeatureFlags:File"] = Flags.Path,
        };
        foreach ((string name, string? value) in more)
        {
            settings[name] = value;
        }

        return settings;
    }

    private sealed class FixedPhase : ICurrentPhase
    {
        public ValueTask<string> GetNameAsync(CancellationToken cancellationToken) => ValueTask.FromResult("full");
    }
}
