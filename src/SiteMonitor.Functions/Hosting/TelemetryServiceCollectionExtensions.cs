using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Settings;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Exports metrics and traces to Application Insights, to an OpenTelemetry collector, or to both, as the settings say.</summary>
/// <remarks>The worker's logs reach Application Insights through the Functions host, unless that uses OpenTelemetry too.</remarks>
internal static class TelemetryServiceCollectionExtensions
{
    /// <summary>The standard OpenTelemetry variable; the exporter reads protocol and headers from their own variables.</summary>
    private const string CollectorSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string InsightsSetting = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>Set for the Functions host: <c>ClientId=…;Authorization=AAD</c>.</summary>
    private const string InsightsIdentitySetting = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <summary>Overrides <c>telemetryMode</c> of host.json.</summary>
    private const string HostTelemetrySetting = "AzureFunctionsJobHost:telemetryMode";

    /// <summary>Meters of .NET: requests sent and served. Their labels hold host names, methods, routes and status codes.</summary>
    private static readonly string[] PlatformMeters = ["System.Net.Http", "Microsoft.AspNetCore.Hosting"];

    /// <summary>
    /// Sources of spans: our own, the orchestrations and activities of the embedded engine, the functions, and the durable client in Azure.
    /// Not <c>System.Net.Http</c>: its spans hold whole addresses, and that of an incoming webhook of Slack is a secret.
    /// </summary>
    private static readonly string[] SpanSources =
        [Tracing.SourceName, "DurableTask.Core", "Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask"];

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        bool collector = !string.IsNullOrEmpty(configuration[CollectorSetting]);
        string? insights = configuration[InsightsSetting] is { Length: > 0 } connection ? connection : null;
        if (!collector && insights is null)
        {
            return;
        }

        void ConfigureInsights(AzureMonitorExporterOptions exporter) =>
            Configure(exporter, insights!, configuration[InsightsIdentitySetting]);

        OpenTelemetryBuilder telemetry = services.AddOpenTelemetry();
        if (string.Equals(configuration[HostTelemetrySetting], "OpenTelemetry", StringComparison.OrdinalIgnoreCase))
        {
            // The host then leaves the worker's logs to the worker.
            telemetry.UseFunctionsWorkerDefaults().WithLogging(logs =>
            {
                _ = collector ? logs.AddOtlpExporter() : logs;
                _ = insights is null ? logs : logs.AddAzureMonitorLogExporter(ConfigureInsights);
            });
        }

        telemetry.ConfigureResource(resource => resource.AddService("sitemonitor", serviceVersion: AppVersion.Current))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter([SiteMonitorMetrics.MeterName, .. PlatformMeters]);
                _ = collector ? metrics.AddOtlpExporter() : metrics;
                _ = insights is null ? metrics : metrics.AddAzureMonitorMetricExporter(ConfigureInsights);
            })
            .WithTracing(traces =>
            {
                traces.AddSource(SpanSources);
                _ = collector ? traces.AddOtlpExporter() : traces;
                _ = insights is null ? traces : traces.AddAzureMonitorTraceExporter(ConfigureInsights);
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
