using Azure.Core;
using Azure.Data.AppConfiguration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Benchmarks.AppConfiguration;

namespace SiteMonitor.Tests.AppConfiguration;

/// <summary>The simulated store on a port of its own, one for each test.</summary>
public sealed class AppConfigurationServer : IAsyncLifetime
{
    private readonly WebApplication _app;
    private readonly AppConfigurationSimulator _simulator;

    public AppConfigurationServer()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _simulator = new AppConfigurationSimulator(Time, Clock);
        _simulator.Map(_app);
    }

    /// <summary>When key-values change.</summary>
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>What signatures are judged by: starts as the machine's.</summary>
    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public Uri Endpoint => new(_app.Urls.Single());

    public string ConnectionString => _simulator.ConnectionString(Endpoint);

    internal KeyValueStore Store => _simulator.Store;

    internal AppConfigurationFaults Faults => _simulator.Faults;

    /// <summary>A client that retries three times without waiting long.</summary>
    public ConfigurationClient Client(string? connectionString = null)
    {
        ConfigurationClientOptions options = new();
        options.Retry.Mode = RetryMode.Fixed;
        options.Retry.Delay = TimeSpan.FromMilliseconds(1);
        return new ConfigurationClient(connectionString ?? ConnectionString, options);
    }

    public async ValueTask InitializeAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
