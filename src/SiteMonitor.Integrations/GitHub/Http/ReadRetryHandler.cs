using System.Net;
using Microsoft.Extensions.Logging;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Retries reads after a broken connection or status 502, 503 or 504. Writes are never retried: the caller reads first.</summary>
internal sealed partial class ReadRetryHandler(GitHubOptions options, TimeProvider time, ILogger logger) : DelegatingHandler
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        RequestTag tag = RequestTag.Current;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, tag.Cancellation);
        return await SendWithRetriesAsync(request, tag.Kind, linked.Token);
    }

    private async Task<HttpResponseMessage> SendWithRetriesAsync(
        HttpRequestMessage request, RequestKind kind, CancellationToken cancellationToken)
    {
        int tries = kind == RequestKind.Write ? 1 : 1 + options.ReadRetries;
        long start = time.GetTimestamp();
        for (int attempt = 1; ; attempt++)
        {
            TimeSpan pause = FirstPause * Math.Pow(2, attempt - 1) * (0.75 + (Random.Shared.NextDouble() / 2));
            bool last = attempt >= tries || time.GetElapsedTime(start) + pause > options.RequestTimeout;
            try
            {
                HttpResponseMessage response = await base.SendAsync(request, cancellationToken);
                if (last || !IsTransient(response.StatusCode))
                {
                    return response;
                }

                Log.AnswerRetried(logger, (int)response.StatusCode, attempt);
                response.Dispose();
            }
            catch (HttpRequestException exception) when (!last)
            {
                Log.ConnectionRetried(logger, exception.HttpRequestError, attempt);
            }

            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Information, "GitHub answered {Status}; attempt {Attempt} of a read is retried")]
        public static partial void AnswerRetried(ILogger logger, int status, int attempt);

        [LoggerMessage(2102, LogLevel.Information,
            "The connection to GitHub broke ({Error}); attempt {Attempt} of a read is retried")]
        public static partial void ConnectionRetried(ILogger logger, HttpRequestError error, int attempt);
    }
}
