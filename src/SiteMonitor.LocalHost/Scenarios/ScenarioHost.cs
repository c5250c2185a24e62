using System.Net;
using System.Text.Json;
using DurableTask.Sqlite.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Functions.Triggers.Rollout;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Functions.Timers;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.LocalHost.Scenarios;

/// <summary>The whole application with simulated GitHub, model and time, driven by HTTP, webhooks and timers.</summary>
internal sealed class ScenarioHost : IAsyncDisposable
{
    private const double TimeScale = 600;
    /// <summary>Start of the scenario: a Monday morning.</summary>
    public static DateTimeOffset Begin { get; } = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private readonly ClockAdvancer _advancer;

    private ScenarioHost(WebApplication app, SandboxServer gitHub, SimulatedClock clock, HttpClient http)
    {
        (_app, GitHub, Clock, _http) = (app, gitHub, clock, http);
        _advancer = new ClockAdvancer(clock, app.Services, RunUntilIdleAsync);
        gitHub.AdvanceClock = (span, cancellationToken) => _advancer.AdvanceAsync(span, ClockAdvancer.BatchInterval, cancellationToken);
    }

    public SandboxServer GitHub { get; }

    public SimulatedClock Clock { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Address and key of the application.</summary>
    public (Uri Url, string Key) Endpoint => (new Uri(_http.BaseAddress!, ".."), Services.GetRequiredService<FunctionKeys>().Function);

    private EmbeddedTaskHub Hub => Services.GetRequiredService<EmbeddedTaskHub>();

    /// <param name="plan">File of a rollout plan; null: the built-in one.</param>
    /// <param name="setup">What differs from the scenarios' own sandbox, settings and services.</param>
    public static async Task<ScenarioHost> StartAsync(
        string directory, string root, string phase, CancellationToken cancellationToken, FunctionKeys? keys = null, int port = 0,
        string? plan = null, ScenarioSetup? setup = null)
    {
        var clock = new SimulatedClock(Begin);
        setup ??= new ScenarioSetup();
        SandboxOptions options = setup.Sandbox(clock, new SandboxOptions
        {
            Seeds = SeedSet.Empty,
            Time = clock,
            TimeScale = TimeScale,
            WebhookSecret = $"scenario-{Guid.NewGuid():n}",
            Latency = new SandboxLatency { GitHub = TimeSpan.Zero, Model = TimeSpan.FromMilliseconds(20) },
        });
        SandboxServer gitHub = await SandboxServer.StartAsync(options, cancellationToken);
        DataDirectory data = DataDirectory.Open(directory);
        string flags = data.PathOf("flags.json");
        Dictionary<string, string?> settings = new(SandboxSettings.For(gitHub, options.WebhookSecret!, TimeScale, phase))
        {
            ["FeatureFlags:File"] = flags,
            ["GitHub:WriteInterval"] = "00:00:00",
            ["Rollout:Plan"] = plan ?? SandboxSettings.WritePlan(data),
        };
        foreach ((string name, string? value) in setup.Settings)
        {
            settings[name] = value;
        }

        WebApplication app = LocalHostApplication.Build(new LocalHostOptions
        {
            Root = root,
            Data = data,
            Keys = keys ?? KeyFile.ReadOrCreate(data),
            Port = port,
            UseEnvironment = false,
            Settings = settings,
            FunctionTypes = typeof(SiteMonitorServiceCollectionExtensions).Assembly.GetTypes(),
            AddApp = static (services, configuration) => services.AddSiteMonitor(configuration),
            Override = services => setup.Services(
                services.AddSingleton<TimeProvider>(clock).AddLogging(logging => logging.ClearProviders())),
        });
        if (await MissingFlagsFile.CreateAsync(app.Services, phase, cancellationToken) is { } problem)
        {
            throw new StartupException(problem);
        }

        await app.StartAsync(cancellationToken);
        var url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        HttpClient http = new() { BaseAddress = new Uri(url, "api/") };
        http.DefaultRequestHeaders.Add(HttpAuthorization.Header, app.Services.GetRequiredService<FunctionKeys>().Function);
        gitHub.ConnectWebhook(new Uri(url, "api/github/webhook"));
        return new ScenarioHost(app, gitHub, clock, http);
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    public async Task<RolloutStatus> StatusAsync(CancellationToken cancellationToken) =>
        RolloutJson.Read<RolloutStatus>(await _http.GetStringAsync("rollout", cancellationToken));

    public async Task<ConsistencyReport> ComparisonAsync(CancellationToken cancellationToken) =>
        RolloutJson.Read<ConsistencyReport>(await _http.GetStringAsync("comparison", cancellationToken));

    public async Task<IReadOnlyList<AuditEntry>> HistoryAsync(CancellationToken cancellationToken) =>
        RolloutJson.Read<List<AuditEntry>>(await _http.GetStringAsync("rollout/history?limit=1000", cancellationToken));

    /// <summary>Calls an operation by its route.</summary>
    /// <exception cref="ScenarioException">The operation was refused.</exception>
    public async Task<OperationResult> OperateAsync(string path, OperatorRequest request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await PostAsync(path, request, cancellationToken);
        string text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? RolloutJson.Read<OperationResult>(text)
            : throw new ScenarioException($"POST {path} was refused ({(int)answer.StatusCode}): {text}");
    }

    /// <summary>Calls an operation that must be refused, and returns the reason.</summary>
    /// <exception cref="ScenarioException">The operation was not refused.</exception>
    public async Task<string> ExpectRefusalAsync(string path, OperatorRequest request, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await PostAsync(path, request, cancellationToken);
        using JsonDocument problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return answer.StatusCode == HttpStatusCode.Conflict
            ? problem.RootElement.GetProperty("title").GetString()!
            : throw new ScenarioException($"POST {path} was not refused ({(int)answer.StatusCode}).");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, OperatorRequest request, CancellationToken cancellationToken)
    {
        using var body = new StringContent(RolloutJson.Write(request), System.Text.Encoding.UTF8, "application/json");
        return await _http.PostAsync(path, body, cancellationToken);
    }

    /// <summary>Starts every waiting issue, as the operator's batch does.</summary>
    public async Task<BatchResponse> BatchAsync(CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(
            "pipeline/batch", new BatchRequest { BatchSize = BatchRequest.MaxSize }, ContractJson.Default.BatchRequest, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(cancellationToken), ContractJson.Default.BatchResponse)!;
    }

    /// <summary>Completes when no run is left. If everything else waits, the clock advances to the next durable timer.</summary>
    public async Task RunUntilIdleAsync(CancellationToken cancellationToken)
    {
        for (int idleChecks = 0; idleChecks < 2;)
        {
            await GitHub.WaitForDeliveriesAsync(cancellationToken);
            await Hub.WhenIdleAsync(cancellationToken);
            if (Hub.UnfinishedInstances == 0)
            {
                idleChecks++;
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
                continue;
            }

            idleChecks = 0;
            if (Hub.IsIdle && Hub.NextTimer is { } next && next > Clock.GetUtcNow())
            {
                Clock.Advance(next - Clock.GetUtcNow());
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Advances the clock to the guard's next minute after <paramref name="span"/>, and waits until all work is done.</summary>
    public Task AdvanceAsync(TimeSpan span, CancellationToken cancellationToken) =>
        _advancer.AdvanceAsync(span, TimeSpan.MaxValue, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await GitHub.DisposeAsync();
    }
}

/// <summary>What a caller changes about a scenario's host.</summary>
internal sealed record ScenarioSetup
{
    /// <summary>Returns the sandbox's options, given the simulated clock and the scenarios' own options.</summary>
    public Func<SimulatedClock, SandboxOptions, SandboxOptions> Sandbox { get; init; } = (_, options) => options;

    /// <summary>Settings that replace the scenarios' own.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Adds registrations, after all others.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };
}

/// <summary>The scenario did not go as expected, because of a defect in the product or the scenario.</summary>
internal sealed class ScenarioException(string message) : Exception(message);
