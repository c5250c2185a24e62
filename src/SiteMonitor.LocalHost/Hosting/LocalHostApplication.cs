using System.Net;
using DurableTask.Sqlite;
using DurableTask.Sqlite.Hosting;
using Microsoft.AspNetCore.Connections;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Functions.Triggers.Health;
using SiteMonitor.LocalHost.Functions;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Functions.Orchestrations;
using SiteMonitor.LocalHost.Functions.Timers;
using SiteMonitor.LocalHost.Storage;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Builds the process that runs a function app: HTTP, timers and the durable engine around discovered functions.</summary>
internal static class LocalHostApplication
{
    private const string DurableDatabase = "durable.db";
    private const string StateDatabase = "state.db";

    /// <exception cref="StartupException">Files or settings of the host itself are wrong.</exception>
    /// <exception cref="FunctionDefinitionException">A function cannot run as it is written.</exception>
    public static WebApplication Build(LocalHostOptions options)
    {
        HostJson hostJson = HostJson.Read(Path.Combine(options.Root, HostJson.FileName));
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ContentRootPath = options.Root,

            // Without this, the default JSON sources watch every folder below the root: each database write is reported to us.
            Args = ["--hostBuilder:reloadConfigOnChange=false"],
        });
        HostSettings.Sources(builder.Configuration, options.Root, options.UseEnvironment, options.Settings);
        Log(builder.Logging, hostJson);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 2 * HttpFunction.MaxBodyBytes;
            kestrel.Listen(options.Address, options.Port);
        });
        AddServices(builder.Services, options, hostJson);
        options.AddApp(builder.Services, builder.Configuration);
        options.Override(builder.Services);

        FunctionApp functions = FunctionApp.Discover(options.FunctionTypes, builder.Configuration);
        builder.Services.AddHostedService(services => new TimerDispatcher(functions.Timers(services)));
        WebApplication app = builder.Build();
        DurableFunctionBinding.Register(functions.Functions, app.Services.GetRequiredService<TaskHubFunctions>(), app.Services);
        app.MapFunctions(functions.Http(app.Services, hostJson.RoutePrefix));
        return app;
    }

    private static void Log(ILoggingBuilder logging, HostJson hostJson)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddFilter("DurableTask.Core", LogLevel.Warning);
        foreach ((string category, string level) in hostJson.LogLevels)
        {
            LogLevel parsed = Enum.TryParse(level, ignoreCase: true, out LogLevel value) ? value
                : throw new StartupException(
                    $"{HostJson.FileName}: logging.logLevel.{category} is '{level}'; write Trace, Debug, Information, Warning, Error, " +
                        "Critical or None.");
            logging.AddFilter(category.Equals("default", StringComparison.OrdinalIgnoreCase) ? null : category, parsed);
        }
    }

    private static void AddServices(IServiceCollection services, LocalHostOptions options, HostJson hostJson)
    {
        services.AddSingleton(options);
        services.AddSingleton(hostJson);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(options.Keys);
        services.AddSingleton<ITimerStatusStore, SqliteTimerStatusStore>();
        services.AddSingleton<IAnalysisCache, SqliteAnalysisCache>();
        services.AddLocalStorage(options.Data.PathOf(StateDatabase));
        services.AddEmbeddedTaskHub(engine =>
        {
            engine.DatabasePath = options.Data.PathOf(DurableDatabase);
            engine.Durability = options.Durability;
            engine.Retention = options.KeepFinished;
            engine.MaxConcurrentActivities = hostJson.MaxConcurrentActivities;
            engine.MaxConcurrentOrchestrators = hostJson.MaxConcurrentOrchestrators;
            engine.DefaultVersion = hostJson.DefaultVersion;
            engine.VersionMatchStrategy = hostJson.VersionMatchStrategy;
            engine.VersionFailureStrategy = hostJson.VersionFailureStrategy;
        });
        options.Data.Protect(StateDatabase);
        options.Data.Protect(DurableDatabase);
        services.AddSingleton<IHealthProbe, EngineProbe>();
        services.AddMvcCore();
        services.AddSingleton<IMemoryPoolFactory<byte>, LargeBlockPool.Factory>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
    }
}

/// <summary>Options of the application.</summary>
internal sealed record LocalHostOptions
{
    /// <summary>Directory of <c>host.json</c> and <c>local.settings.json</c>.</summary>
    public required string Root { get; init; }

    /// <summary>Directory of the databases.</summary>
    public required DataDirectory Data { get; init; }

    public required FunctionKeys Keys { get; init; }

    /// <summary>Address to listen on; loopback by default.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Port; 0 selects a free one.</summary>
    public int Port { get; init; }

    /// <summary>When a step that has been reported is safe on disk.</summary>
    public DurabilityMode Durability { get; init; } = DurabilityMode.Full;

    /// <summary>How long the durable engine keeps finished instances; null for ever.</summary>
    public TimeSpan? KeepFinished { get; init; }

    /// <summary>Settings that override files and environment.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether environment variables are used as settings.</summary>
    public bool UseEnvironment { get; init; } = true;

    /// <summary>Types whose <c>[Function]</c> methods run.</summary>
    public required IReadOnlyList<Type> FunctionTypes { get; init; }

    /// <summary>Registers the function app's own services.</summary>
    public required Action<IServiceCollection, IConfiguration> AddApp { get; init; }

    /// <summary>Registrations that replace earlier ones.</summary>
    public Action<IServiceCollection> Override { get; init; } = static _ => { };
}
