using System.Net;
using DurableTask.Sqlite.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Functions.Hosting;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Sandbox;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>A running host with its sandbox, if it has one.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private const string AnalysisCacheFileName = "model-answers.db";

    private static readonly TimeSpan MaxWaitForRuns = TimeSpan.FromMinutes(1);

    private readonly WebApplication _app;
    private readonly RunningFile _files;

    private RunningHost(WebApplication app, RunningFile files, HostSandbox? sandbox)
    {
        (_app, _files, Simulation) = (app, files, sandbox);
        Url = AddressOf(app);
        string prefix = app.Services.GetRequiredService<HostJson>().RoutePrefix.Trim('/');
        RoutePrefix = prefix.Length == 0 ? string.Empty : prefix + "/";
    }

    /// <summary>Base address, ending with a slash, without the route prefix.</summary>
    public Uri Url { get; }

    /// <summary>Route prefix, ending with a slash unless empty.</summary>
    public string RoutePrefix { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Null with the real GitHub.</summary>
    public HostSandbox? Simulation { get; }

    public SandboxServer? Sandbox => Simulation?.Server;

    public Uri Dashboard => new(Url, $"{RoutePrefix}dashboard");

    /// <summary>Starts the function app of this product.</summary>
    /// <param name="overrides">Registrations that replace earlier ones.</param>
    /// <exception cref="StartupException">Settings are wrong or a resource is in use; every problem is listed.</exception>
    public static Task<RunningHost> StartAsync(
        HostArguments arguments, Action<IServiceCollection> overrides, CancellationToken cancellationToken) =>
        StartupProblems.TranslateAsync(arguments, () => StartTranslatedAsync(arguments, overrides, cancellationToken));

    private static async Task<RunningHost> StartTranslatedAsync(
        HostArguments arguments, Action<IServiceCollection> overrides, CancellationToken cancellationToken)
    {
        DataDirectory data = DataDirectory.Open(arguments.DataDirectory);
        RunningFile files = RunningFile.Take(data);
        HostSandbox? sandbox = null;
        WebApplication? app = null;
        try
        {
            HostSettings settings = HostSettings.Read(arguments);
            sandbox = settings.WantsSandbox ? await HostSandbox.StartAsync(data, arguments, cancellationToken) : null;
            app = await BuildAsync(arguments, overrides, settings, data, sandbox, cancellationToken);
            await app.StartAsync(cancellationToken);
            RunningHost host = new(app, files, sandbox);
            if (sandbox is not null)
            {
                EmbeddedTaskHub hub = app.Services.GetRequiredService<EmbeddedTaskHub>();
                ClockAdvancer advancer = new(sandbox.Clock, app.Services, token => WaitForRunsAsync(sandbox, hub, token));
                sandbox.Connect(new Uri(host.Url, $"{host.RoutePrefix}github/webhook"), advancer);
            }

            files.Write(
                host.Url,
                sandbox?.Server.BaseAddress,
                sandbox?.Session.WebhookSecret,
                settings.OnlyRepository(sandbox?.Settings),
                app.Configuration["FeatureFlags:File"] is { Length: > 0 } flags ? Path.GetFullPath(flags) : null);
            return host;
        }
        catch
        {
            await DisposeAsync(app, sandbox, files);
            throw;
        }
    }

    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <summary>Stops accepting work and waits for what is under way; may be called before disposal.</summary>
    public Task StopAsync() => _app.StopAsync();

    public void Stop() => _app.Lifetime.StopApplication();

    public async ValueTask DisposeAsync()
    {
        bool finished = Services.GetRequiredService<EmbeddedTaskHub>() is { Problem: null, UnfinishedInstances: 0 };
        await _app.StopAsync();
        if (finished)
        {
            Simulation?.MarkFinished(true);
        }

        await DisposeAsync(_app, Simulation, _files);
    }

    /// <summary>Completes when no delivery and no run is left, or after the longest wait: a run may wait for a rate limit.</summary>
    private static async Task WaitForRunsAsync(HostSandbox sandbox, EmbeddedTaskHub hub, CancellationToken cancellationToken)
    {
        long started = TimeProvider.System.GetTimestamp();
        do
        {
            await sandbox.Server.WaitForDeliveriesAsync(cancellationToken);
            await hub.WhenIdleAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
        while (hub.UnfinishedInstances > 0 && TimeProvider.System.GetElapsedTime(started) < MaxWaitForRuns);
    }

    /// <summary>Stores a real model's answers, which cost money, outside of the sandbox, so that discarding it keeps them.</summary>
    private static SqliteAnalysisCache CreateAnalysisCache(IServiceProvider provider, HostSandbox sandbox, DataDirectory data)
    {
        if (provider.GetRequiredService<IOptions<AzureOpenAIOptions>>().Value.Endpoint == sandbox.Server.BaseAddress.ToString())
        {
            return new SqliteAnalysisCache(provider.GetRequiredService<LocalDatabase>());
        }

        data.Protect(AnalysisCacheFileName);
        return new SqliteAnalysisCache(new LocalDatabase(data.PathOf(AnalysisCacheFileName)));
    }

    private static async Task<WebApplication> BuildAsync(
        HostArguments arguments, Action<IServiceCollection> overrides, HostSettings settings, DataDirectory data, HostSandbox? sandbox,
        CancellationToken cancellationToken)
    {
        string? flags = settings.FindFlagsFile(data, sandbox?.FlagsPath);
        WebApplication app = LocalHostApplication.Build(new LocalHostOptions
        {
            Root = arguments.Root,
            Data = sandbox?.Directory ?? data,
            Keys = KeyFile.ReadOrCreate(data),
            Address = arguments.Address,
            Port = arguments.Port,
            Durability = arguments.Durability,
            KeepFinished = arguments.KeepFinished,
            Settings = settings.With(sandbox?.Settings, flags),
            FunctionTypes = typeof(SiteMonitorServiceCollectionExtensions).Assembly.GetTypes(),
            AddApp = static (services, configuration) => services.AddSiteMonitor(configuration),
            Override = services =>
            {
                if (sandbox is not null)
                {
                    services.AddSingleton<TimeProvider>(sandbox.Clock);
                    services.AddSingleton<IAnalysisCache>(provider => CreateAnalysisCache(provider, sandbox, data));
                }

                overrides(services);
            },
        });
        try
        {
            SettingsCheck.Run(app.Services);

            // A damaged database is found now, and not by every timer and run.
            await using (app.Services.GetRequiredService<LocalDatabase>().Open())
            {
            }

            string? phase = sandbox?.Session.Phase ?? settings.InitialPhase;
            if (await MissingFlagsFile.CreateAsync(app.Services, phase, cancellationToken) is { } problem)
            {
                throw new StartupException(problem);
            }

            await FlagsFile.WarnIfUnreadableAsync(app.Services, cancellationToken);
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task DisposeAsync(WebApplication? app, HostSandbox? sandbox, RunningFile files)
    {
        if (app is not null)
        {
            await app.DisposeAsync();
        }

        if (sandbox is not null)
        {
            await sandbox.DisposeAsync();
        }

        files.Dispose();
    }

    private static Uri AddressOf(WebApplication app)
    {
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        UriBuilder url = new(address);
        if (IPAddress.TryParse(url.Host.Trim('[', ']'), out IPAddress? ip) && (ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)))
        {
            url.Host = "localhost";
        }

        return url.Uri;
    }
}
