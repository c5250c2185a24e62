using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.AppConfiguration;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.FeatureFlags;

/// <summary>Registers the feature flags.</summary>
public static class FeatureFlagsServiceCollectionExtensions
{
    /// <summary>Adds the flags of the file <c>FeatureFlags:File</c>, or else of the store in <c>AppConfiguration:…</c>.</summary>
    public static IServiceCollection AddFeatureFlags(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<FeatureFlagsOptions, FeatureFlagsOptionsValidator>(configuration.GetSection(FeatureFlagsOptions.Section));
        services.AddSettings<AppConfigurationOptions, AppConfigurationOptionsValidator>(
            configuration.GetSection(AppConfigurationOptions.Section));
        services.AddCircuitBreakers(configuration);
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFlagStore>(provider => new OutageLoggingFlagStore(
            CreateStore(provider), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<OutageLoggingFlagStore>>()));
        services.TryAddSingleton<ILastKnownFlags>(provider => new FileLastKnownFlags(
            provider.GetRequiredService<IOptions<FeatureFlagsOptions>>().Value.LastKnownPath,
            provider.GetRequiredService<ILogger<FileLastKnownFlags>>()));
        services.TryAddSingleton(provider => new FlagSource(
            provider.GetRequiredService<IFlagStore>(),
            provider.GetRequiredService<ILastKnownFlags>(),
            File(provider).Length > 0 ? FlagPolling.EachUse : FlagPolling.Default,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<FlagEvaluator>();
        services.TryAddSingleton<IRoutePolicy, FlagRoutePolicy>();
        return services;
    }

    private static string File(IServiceProvider provider) => provider.GetRequiredService<IOptions<FeatureFlagsOptions>>().Value.File;

    private static IFlagStore CreateStore(IServiceProvider provider)
    {
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        if (File(provider) is { Length: > 0 } file)
        {
            return new FileFlagStore(file, time);
        }

        AppConfigurationOptions options = provider.GetRequiredService<IOptions<AppConfigurationOptions>>().Value;
        CircuitBreaker breaker = provider.GetRequiredService<CircuitBreakers>().Get(CircuitBreakers.AppConfiguration);
        return new AppConfigurationFlagStore(AppConfigurationClients.Reader(options, breaker), AppConfigurationClients.Writer(options),
            options, FlagReader.ReadAsync, time);
    }
}
