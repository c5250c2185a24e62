using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Integrations.Settings;

namespace SiteMonitor.Integrations.OpenAI;

public static class AnalysisModelServiceCollectionExtensions
{
    /// <summary>
    /// Adds the analysis model on Azure OpenAI with the settings <c>AzureOpenAI:…</c>, which are checked when the host starts. Responses
    /// are cached in memory unless another <see cref="IAnalysisCache"/> is registered first.
    /// </summary>
    public static IServiceCollection AddAnalysisModel(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSettings<AzureOpenAIOptions, AzureOpenAIOptionsValidator>(configuration.GetSection(AzureOpenAIOptions.Section));
        services.AddCircuitBreakers(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IAnalysisCache, InMemoryAnalysisCache>();
        services.AddMetrics();
        services.TryAddSingleton<ModelTelemetry>();
        services.TryAddSingleton<ChatClients>();
        services.TryAddSingleton<ModelConversation>();
        services.TryAddSingleton<IAnalysisModel, OpenAIAnalysisModel>();
        return services;
    }
}
