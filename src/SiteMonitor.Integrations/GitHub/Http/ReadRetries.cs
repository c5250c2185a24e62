using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Http;

/// <summary>Retries reads after a broken connection or status 502, 503 or 504. Writes are never retried: the caller reads first.</summary>
internal static partial class ReadRetries
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);

    public static DelegatingHandler CreateHandler(GitHubOptions options, TimeProvider time, ILogger logger)
    {
        ResiliencePipelineBuilder<HttpResponseMessage> builder = new() { TimeProvider = time };
        if (options.ReadRetries > 0)
        {
            builder.AddRetry(new HttpRetryStrategyOptions
            {
                MaxRetryAttempts = options.ReadRetries,
                Delay = FirstPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,

                // Waits that GitHub asks for are left to the orchestration.
                ShouldRetryAfterHeader = false,
                ShouldHandle = args => ValueTask.FromResult(RequestTag.Current.Kind != RequestKind.Write && IsTransient(args.Outcome)),
                OnRetry = args =>
                {
                    LogRetry(logger, args);
                    return ValueTask.CompletedTask;
                },
            });
        }

        return new ResilienceHandler(builder.Build());
    }

    private static bool IsTransient(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException
        || outcome.Result?.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    private static void LogRetry(ILogger logger, OnRetryArguments<HttpResponseMessage> args)
    {
        int attempt = args.AttemptNumber + 1;
        if (args.Outcome.Exception is HttpRequestException exception)
        {
            Log.ConnectionRetried(logger, exception.HttpRequestError, attempt);
        }
        else if (args.Outcome.Result is { } response)
        {
            Log.AnswerRetried(logger, (int)response.StatusCode, attempt);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Information, "GitHub answered {Status}; attempt {Attempt} of a read is retried")]
        public static partial void AnswerRetried(ILogger logger, int status, int attempt);

        [LoggerMessage(2102, LogLevel.Information,
            "The connection to GitHub broke ({Error}); attempt {Attempt} of a read is retried")]
        public static partial void ConnectionRetried(ILogger logger, HttpRequestError error, int attempt);
    }
}
