using System.Globalization;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace SiteMonitor.Integrations.AppConfiguration;

/// <summary>One more try, soon or not at all: a run waits for its flags. A store that asks for a longer wait is told of as it answered, not waited for until the request's time is up.</summary>
internal sealed class SingleRetryPolicy() : RetryPolicy(maxRetries: 1, DelayStrategy.CreateFixedDelayStrategy(Pause))
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => !AsksToWait(message) && base.ShouldRetry(message, exception);

    protected override ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        AsksToWait(message) ? ValueTask.FromResult(false) : base.ShouldRetryAsync(message, exception);

    private static bool AsksToWait(HttpMessage message) =>
        message.HasResponse && (Wait(message.Response, "retry-after-ms", 1) ?? Wait(message.Response, "x-ms-retry-after-ms", 1) ?? Wait(message.Response, "retry-after", 1000)) > LongestWait;

    private static TimeSpan? Wait(Response response, string header, int milliseconds) =>
        response.Headers.TryGetValue(header, out string? value) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int units) ? TimeSpan.FromMilliseconds((double)units * milliseconds) : null;
}
