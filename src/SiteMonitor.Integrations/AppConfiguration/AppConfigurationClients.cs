using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.AppConfiguration;
using Azure.Identity;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>Creates the clients that read and write flags, with separate identities if configured.</summary>
internal static class AppConfigurationClients
{
    public static ConfigurationClient Reader(AppConfigurationOptions options) =>
        Create(options, options.ConnectionString, options.ClientId);

    public static ConfigurationClient Writer(AppConfigurationOptions options) =>
        Create(options, options.WriterConnectionString ?? options.ConnectionString, options.WriterClientId ?? options.ClientId);

    public static bool IsConnectionString(string text)
    {
        Dictionary<string, string> parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(p => p.Split('=', 2))
            .Where(p => p.Length == 2)
            .GroupBy(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.First(), StringComparer.OrdinalIgnoreCase);
        return parts.TryGetValue("Endpoint", out string? endpoint) && Uri.TryCreate(endpoint, UriKind.Absolute, out _)
            && parts.ContainsKey("Id") && parts.ContainsKey("Secret");
    }

    private static ConfigurationClient Create(AppConfigurationOptions options, string? connectionString, string? clientId)
    {
        var client = new ConfigurationClientOptions { RetryPolicy = new SingleRetryPolicy() };
        client.Retry.NetworkTimeout = options.RequestTimeout;
        return connectionString is null
            ? new ConfigurationClient(options.Endpoint, Credential(clientId), client)
            : new ConfigurationClient(connectionString, client);
    }

    private static TokenCredential Credential(string? clientId) => clientId is null
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}

/// <summary>Retries once, soon or not at all: a run waits for its flags. A longer wait is reported instead.</summary>
internal sealed class SingleRetryPolicy() : RetryPolicy(maxRetries: 1, DelayStrategy.CreateFixedDelayStrategy(Pause))
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) =>
        !AsksToWait(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        AsksToWait(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    private static bool AsksToWait(HttpMessage message) =>
        message.HasResponse && (Wait(message.Response, "retry-after-ms", 1)
            ?? Wait(message.Response, "x-ms-retry-after-ms", 1) ?? Wait(message.Response, "retry-after", 1000)) > LongestWait;

    private static TimeSpan? Wait(Response response, string header, int milliseconds) =>
        response.Headers.TryGetValue(header, out string? value)
            && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int units)
            ? TimeSpan.FromMilliseconds((double)units * milliseconds)
            : null;
}
