using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Hosting;

/// <summary>
/// Exports the metrics to wherever the settings say: Application Insights, an OpenTelemetry collector, both, or nowhere. Logs and traces of the worker reach Application Insights
/// through the Functions host.
/// </summary>
internal static class TelemetryServiceCollectionExtensions
{
    /// <summary>The name every OpenTelemetry tool knows; protocol and headers are read from the variables beside it.</summary>
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string InsightsSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>As the Functions host has it: <c>ClientId=…;Authorization=AAD</c>.</summary>
    private const string InsightsIdentitySetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public static void AddTelemetry(IServiceCollection services, IConfiguration configuration)
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
                    metrics.AddAzureMonitorMetricExporter(exporter => Connect(exporter, insights, configuration[InsightsIdentitySetting]));
                }
            });
    }

    private static void Connect(AzureMonitorExporterOptions exporter, string connection, string? identity)
    {
        exporter.ConnectionString = connection;
        exporter.DisableOfflineStorage = true;
        if (ClientIdOf(identity) is { } clientId)
        {
            exporter.Credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
        }
    }

    /// <summary>The client id of a user-assigned identity, or null when telemetry goes without one.</summary>
    internal static string? ClientIdOf(string? identity) => (identity ?? string.Empty)
        .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Where(part => part.StartsWith("ClientId=", StringComparison.OrdinalIgnoreCase))
        .Select(part => part["ClientId=".Length..])
        .FirstOrDefault();
}
