using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.Resilience;

/// <summary>The circuit breakers of this process, one for each service.</summary>
internal sealed class CircuitBreakers : IServiceStatusSource
{
    public const string GitHub = "github";

    /// <summary>GitHub with the credential that assigns Copilot.</summary>
    public const string GitHubCopilot = "github-copilot";
    public const string Model = "model";
    public const string AppConfiguration = "app-configuration";

    private readonly ConcurrentDictionary<string, CircuitBreaker> _breakers = new(StringComparer.Ordinal);
    private readonly CircuitBreakerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Counter<long> _opened;

    /// <param name="time">The orchestrations' clock.</param>
    public CircuitBreakers(
        IOptions<CircuitBreakerOptions> options, TimeProvider time, IMeterFactory meters, ILogger<CircuitBreakers> logger)
    {
        (_options, _time, _logger) = (options.Value, time, logger);
        Meter meter = meters.Create(SiteMonitorMetrics.MeterName);
        _opened = meter.CreateCounter<long>("sitemonitor.service.outages", "{outage}", "Times a service's circuit opened.");
        meter.CreateObservableGauge(
            "sitemonitor.service.down",
            () => Services.Select(s => new Measurement<int>(s.DownSince is null ? 0 : 1, Tag(s.Name))),
            unit: null, "1 while this instance considers the service down, else 0.");
    }

    public IReadOnlyList<ServiceStatus> Services =>
    [
        .. _breakers.Values.OrderBy(b => b.Dependency, StringComparer.Ordinal)
            .Select(b => new ServiceStatus(b.Dependency, b.OpenSince, b.RetryAt)),
    ];

    public static string NameOfChannel(string channel) => $"channel-{channel}";

    public CircuitBreaker Get(string dependency) => _breakers.GetOrAdd(dependency, Create);

    private CircuitBreaker Create(string dependency) => new(
        dependency,
        _options,
        dependency == AppConfiguration ? _options.MaxFlagsBreakDuration : _options.MaxBreakDuration,
        _time,
        () => _opened.Add(1, Tag(dependency)),
        _logger);

    private static KeyValuePair<string, object?> Tag(string service) => new("service", service);
}

internal static class CircuitBreakersServiceCollectionExtensions
{
    /// <summary>Adds the circuit breakers with the settings <c>CircuitBreakers:…</c>; calling it again has no effect.</summary>
    public static IServiceCollection AddCircuitBreakers(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(s => s.ServiceType == typeof(CircuitBreakers)))
        {
            return services;
        }

        services.AddSettings<CircuitBreakerOptions, CircuitBreakerOptionsValidator>(
            configuration.GetSection(CircuitBreakerOptions.Section));
        services.AddMetrics();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<CircuitBreakers>();
        services.AddSingleton<IServiceStatusSource>(provider => provider.GetRequiredService<CircuitBreakers>());
        return services;
    }
}
