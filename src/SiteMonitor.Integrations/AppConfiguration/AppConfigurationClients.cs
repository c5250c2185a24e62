using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.AppConfiguration;
using Azure.Identity;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>Creates the clients that read and write flags, with separate identities if configured.</summary>
internal static class AppConfigurationClients
{
    public static ConfigurationClient Reader(AppConfigurationOptions options, CircuitBreaker breaker) =>
        Create(options, options.ConnectionString, options.ClientId, new CircuitBreakerPolicy(breaker));

    /// <summary>Creates the client that writes. It has no circuit breaker: a rollback is always tried.</summary>
    public static ConfigurationClient Writer(AppConfigurationOptions options) => Create(
        options, options.WriterConnectionString ?? options.ConnectionString, options.WriterClientId ?? options.ClientId, breaker: null);

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

    private static ConfigurationClient Create(
        AppConfigurationOptions options, string? connectionString, string? clientId, CircuitBreakerPolicy? breaker)
    {
        var client = new ConfigurationClientOptions { RetryPolicy = new SingleRetryPolicy() };
        client.Retry.NetworkTimeout = options.RequestTimeout;
        if (breaker is not null)
        {
            client.AddPolicy(breaker, HttpPipelinePosition.PerRetry);
        }

        return connectionString is null
            ? new ConfigurationClient(options.Endpoint, Credential(clientId), client)
            : new ConfigurationClient(connectionString, client);
    }

    private static TokenCredential Credential(string? clientId) => clientId is null
        ? new DefaultAzureCredential()
        : new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(clientId));
}

/// <summary>Sends each request, the retry too, through the store's circuit breaker.</summary>
internal sealed class CircuitBreakerPolicy(CircuitBreaker breaker) : HttpPipelinePolicy
{
    public override void Process(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) => breaker.Execute(() =>
    {
        ProcessNext(message, pipeline);
        return message.Response.Status;
    });

    // A read is cancelled by its time limit, hardly ever by a caller: whatever cancels it, the store did not answer in time.
    public override async ValueTask ProcessAsync(HttpMessage message, ReadOnlyMemory<HttpPipelinePolicy> pipeline) =>
        await breaker.ExecuteAsync(
            async _ =>
            {
                await ProcessNextAsync(message, pipeline);
                return message.Response.Status;
            },
            CancellationToken.None);
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
