using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Exports the metrics to Application Insights, to an OpenTelemetry collector, or to both, as the settings say.</summary>
/// <remarks>The worker's logs and traces reach Application Insights through the Functions host.</remarks>
internal static class TelemetryServiceCollectionExtensions
{
    /// <summary>The standard OpenTelemetry variable; the exporter reads protocol and headers from their own variables.</summary>
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string InsightsSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Set for the Functions host: <c>ClientId=…;Authorization=AAD</c>.</summary>
    private const string InsightsIdentitySetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        bool collector = !string.IsNullOrEmpty(configuration[CollectorSetting]);
        string? insights = configuration[InsightsSetting];
        if (!collector && string.IsNullOrEmpty(insights))
        {
            return;
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("sitemonitor", serviceVersion: AppVersion.Current))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(SiteMonitorMetrics.MeterName);
                if (collector)
                {
                    metrics.AddOtlpExporter();
                }

                if (!string.IsNullOrEmpty(insights))
                {
                    metrics.AddAzureMonitorMetricExporter(exporter =>
                        Configure(exporter, insights, configuration[InsightsIdentitySetting]));
                }
            });
    }

    private static void Configure(AzureMonitorExporterOptions exporter, string connection, string? identity)
    {
        exporter.ConnectionString = connection;
        exporter.DisableOfflineStorage = true;
        if (GetClientId(identity) is { } clientId)
        {
            exporter.Credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
        }
    }

    /// <summary>Returns the client id of a user-assigned identity, or null when telemetry uses none.</summary>
    internal static string? GetClientId(string? identity) => (identity ?? string.Empty)
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(part => part.StartsWith("ClientId=", StringComparison.OrdinalIgnoreCase))
        .Select(part => part["ClientId=".Length..])
        .FirstOrDefault();
}
