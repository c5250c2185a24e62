using Azure.Core;

namespace Azure.Data.AppConfiguration;

/// <summary>How requests are sent: retries, transport and diagnostics come from the base class.</summary>
public class ConfigurationClientOptions : ClientOptions
{
    public ConfigurationClientOptions(ServiceVersion version = ServiceVersion.V2023_11_01) => Version = version switch
    {
        ServiceVersion.V1_0 => "1.0",
        ServiceVersion.V2023_10_01 => "2023-10-01",
        ServiceVersion.V2023_11_01 => "2023-11-01",
        _ => throw new NotSupportedException(),
    };

    public enum ServiceVersion
    {
        V1_0,
        V2023_10_01,
        V2023_11_01,
    }

    /// <summary>Null: the public cloud, or the one the endpoint's host belongs to.</summary>
    public AppConfigurationAudience? Audience { get; set; }

    internal string Version { get; }

    internal string ScopeFor(Uri endpoint) => $"{Audience ?? CloudOf(endpoint.Host)}/.default";

    private static AppConfigurationAudience CloudOf(string host) =>
        host.EndsWith(".azure.us", StringComparison.OrdinalIgnoreCase) ? AppConfigurationAudience.AzureGovernment
        : host.EndsWith(".azure.cn", StringComparison.OrdinalIgnoreCase) ? AppConfigurationAudience.AzureChina
        : AppConfigurationAudience.AzurePublicCloud;
}
