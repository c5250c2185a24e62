using System.Diagnostics.Metrics;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SiteMonitor.LocalHost.Durable;

/// <summary>Registers the embedded durable engine.</summary>
public static class DurableEngineServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="DurableEngine"/> (which starts and stops with the host), <see cref="DurableTaskClient"/> and <see cref="IDurableTaskRegistry"/>.
    /// The clock is the registered <see cref="TimeProvider"/>, the system's without one.
    /// </summary>
    public static IServiceCollection AddDurableEngine(this IServiceCollection services, Action<DurableEngineOptions> configure)
    {
        services.AddOptions<DurableEngineOptions>().Configure(configure).ValidateDataAnnotations();
        services.AddLogging();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<DurableTaskFunctions>();
        services.AddSingleton<IDurableTaskRegistry>(p => p.GetRequiredService<DurableTaskFunctions>());
        services.AddSingleton(p => new DurableMetrics(p.GetRequiredService<IMeterFactory>()));
        services.AddSingleton(p => new DurableEngine(
            p.GetRequiredService<IOptions<DurableEngineOptions>>(),
            p.GetRequiredService<DurableTaskFunctions>(),
            p.GetRequiredService<DurableMetrics>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IHostedService>(p => p.GetRequiredService<DurableEngine>());
        services.AddSingleton<DurableTaskClient>(p => new EmbeddedDurableTaskClient(p.GetRequiredService<DurableEngine>()));
        return services;
    }
}
