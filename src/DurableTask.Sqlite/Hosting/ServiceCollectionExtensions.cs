using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DurableTask.Sqlite.Hosting;

/// <summary>Registers the embedded task hub.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="EmbeddedTaskHub"/>, which starts and stops with the host, <see cref="DurableTaskClient"/> and
    /// <see cref="TaskHubFunctions"/>. The clock is the registered <see cref="TimeProvider"/>, by default the system's.
    /// </summary>
    public static IServiceCollection AddEmbeddedTaskHub(this IServiceCollection services, Action<EmbeddedTaskHubOptions> configure)
    {
        services.AddOptions<EmbeddedTaskHubOptions>().Configure(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<TaskHubFunctions>();
        services.AddSingleton<EmbeddedTaskHub>();
        services.AddHostedService(provider => provider.GetRequiredService<EmbeddedTaskHub>());
        services.AddSingleton<DurableTaskClient, EmbeddedDurableTaskClient>();
        return services;
    }
}
