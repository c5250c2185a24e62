using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.AppConfiguration;

namespace SiteMonitor.Integrations.FeatureFlags;

public static class FeatureFlagsServiceCollectionExtensions
{
    /// <summary>
    /// Registers the feature flags (<see cref="IRoutePolicy"/>, <see cref="FlagSource"/>, <see cref="IFlagStore"/>) from <c>FeatureFlags:File</c>, or else
    /// <c>AppConfiguration:Endpoint</c> or <c>:ConnectionString</c>.
    /// </summary>
    public static IServiceCollection AddFeatureFlags(this IServiceCollection services, IConfiguration configuration)
    {
        var file = configuration.GetSection("FeatureFlags").Get<FeatureFlagsOptions>() ?? new FeatureFlagsOptions();
        var store = configuration.GetSection("AppConfiguration").Get<AppConfigurationOptions>() ?? new AppConfigurationOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFlagStore>(provider => string.IsNullOrEmpty(file.File)
            ? Store(store, provider.GetRequiredService<TimeProvider>())
            : new FileFlagStore(file.File, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<ILastKnownFlags>(provider =>
            new FileLastKnownFlags(LastKnownPath(file), provider.GetRequiredService<ILogger<FileLastKnownFlags>>()));
        services.TryAddSingleton(provider => new FlagSource(
            provider.GetRequiredService<IFlagStore>(),
            provider.GetRequiredService<ILastKnownFlags>(),
            string.IsNullOrEmpty(file.File) ? FlagPolling.Default : FlagPolling.EachUse,
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<FlagEvaluator>();
        services.TryAddSingleton<IRoutePolicy, FlagRoutePolicy>();
        return services;
    }

    /// <summary>What is wrong with the settings, by name, with what to set; empty when they will do.</summary>
    public static IEnumerable<string> FlagSettingProblems(IConfiguration configuration)
    {
        bool file = !string.IsNullOrEmpty(configuration["FeatureFlags:File"]);
        bool endpoint = !string.IsNullOrEmpty(configuration["AppConfiguration:Endpoint"]);
        bool connection = !string.IsNullOrWhiteSpace(configuration["AppConfiguration:ConnectionString"]);
        if (!file && !endpoint && !connection)
        {
            yield return "AppConfiguration:Endpoint is not set: set it (or AppConfiguration:ConnectionString), or FeatureFlags:File for flags in a file.";
        }

        if (endpoint && (!Uri.TryCreate(configuration["AppConfiguration:Endpoint"], UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("https" or "http")))
        {
            yield return "AppConfiguration:Endpoint is not an address: set it to https://<store>.azconfig.io.";
        }

        string[] connections = ["AppConfiguration:ConnectionString", "AppConfiguration:WriterConnectionString"];
        foreach (string setting in connections.Where(s => configuration[s] is { } text && !string.IsNullOrWhiteSpace(text) && !AppConfigurationClients.IsConnectionString(text)))
        {
            yield return $"{setting} is not of the form Endpoint=…;Id=…;Secret=…: copy it from the store's access settings.";
        }
    }

    private static AppConfigurationFlagStore Store(AppConfigurationOptions options, TimeProvider time) =>
        new(AppConfigurationClients.Reader(options), AppConfigurationClients.Writer(options), options, time);

    private static string LastKnownPath(FeatureFlagsOptions options) => options switch
    {
        { LastKnownFile: { Length: > 0 } path } => path,
        { File: { Length: > 0 } file } => Path.ChangeExtension(file, ".last-known.json"),
        _ => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), "SiteMonitor", "flags.last-known.json"),
    };
}

/// <summary>Settings <c>FeatureFlags:*</c>.</summary>
public sealed class FeatureFlagsOptions
{
    /// <summary>A JSON file with the flags, instead of Azure App Configuration.</summary>
    public string? File { get; set; }

    /// <summary>Where the last known flags are kept for a start during an outage; beside the flags file or in the machine's application data by default.</summary>
    public string? LastKnownFile { get; set; }
}
