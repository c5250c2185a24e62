using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Integrations.Announcements;

/// <summary>Posts messages to incoming webhooks, without redirects. An address is a secret, so no message or log contains it.</summary>
internal sealed partial class WebhookSender(
    IOptions<AnnouncementsOptions> options, CircuitBreakers breakers, TimeProvider time, ILogger<WebhookSender> logger) : IDisposable
{
    /// <summary>Maximum characters read of a response.</summary>
    private const int MaxBody = 16 * 1024;

    /// <summary>Longer waits that the receiver asks for are left to the outbox.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = 64 * 1024,
    };

    private readonly ResiliencePipeline<Attempt> _retries = CreateRetries(options.Value.Retries, time);

    /// <param name="kind">One of <see cref="ChannelKinds"/>; says what a body of success looks like.</param>
    public async Task<SendResult> PostAsync(
        string channel, string kind, ChannelOptions settings, string id, JsonObject message, CancellationToken cancellationToken)
    {
        CircuitBreaker breaker = breakers.Get(CircuitBreakers.NameOfChannel(channel));
        Attempt last = await _retries.ExecuteAsync(
            async token => await TryAsync(breaker, kind, settings, id, message, token), cancellationToken);
        if (last.Result.Problem is { } problem)
        {
            Log.NotSent(logger, channel, id, problem);
        }

        return last.Result;
    }

    public void Dispose() => _http.Dispose();

    private static ResiliencePipeline<Attempt> CreateRetries(int count, TimeProvider time) => count == 0
        ? ResiliencePipeline<Attempt>.Empty
        : new ResiliencePipelineBuilder<Attempt> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<Attempt>
            {
                MaxRetryAttempts = count,
                Delay = TimeSpan.FromMilliseconds(500),
                BackoffType = DelayBackoffType.Exponential,
                ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { IsRetriedSoon: true }),
                DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.Pause),
            })
            .Build();

    private async Task<Attempt> TryAsync(
        CircuitBreaker breaker, string kind, ChannelOptions settings, string id, JsonObject message, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using CancellationTokenSource timeout = new(options.Value.Timeout, TimeProvider.System);
        using CancellationTokenRegistration link = timeout.Token.Register(patience.Cancel);
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Post, settings.Url)
            {
                Content = new StringContent(message.ToJsonString(), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", id);
            if (settings.Authorization.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Authorization", settings.Authorization);
            }

            using HttpResponseMessage response = await breaker.ExecuteAsync(
                async _ => await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token), cancellationToken);
            SendResult result = Classify(response.StatusCode);
            if (result.Problem is not null)
            {
                return new Attempt(result, PauseOf(response.Headers.RetryAfter));
            }

            string body = await ReadStartAsync(response, patience.Token);
            return new Attempt(new SendResult(ChannelResponse.FindRejection(kind, response.StatusCode, body, settings)));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Attempt(new SendResult(FormattableString.Invariant($"no answer within {options.Value.Timeout.TotalSeconds:0.#} s")));
        }
        catch (IOException)
        {
            return new Attempt(new SendResult("the answer broke off"));
        }
        catch (HttpRequestException failure)
        {
            return new Attempt(new SendResult($"not reached ({failure.HttpRequestError})"));
        }
        catch (BrokenCircuitException)
        {
            string since = breaker.OpenSince is { } at ? $" since {at:u}" : string.Empty;
            return new Attempt(new SendResult($"it is down{since}"), TimeSpan.MaxValue);
        }
    }

    /// <summary>A rejected message stays rejected; a rejected address may be corrected before the outbox gives up.</summary>
    private static SendResult Classify(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => SendResult.Ok,
        400 or 413 or 422 => new SendResult($"refused the message ({(int)status})", IsFinal: true),
        401 or 403 or 404 or 410 => new SendResult($"refused the address or its credentials ({(int)status}): check the channel's settings"),
        >= 300 and < 400 => new SendResult($"answered with a redirect ({(int)status}), which is not followed: check the channel's address"),
        _ => new SendResult($"answered {(int)status}"),
    };

    private static async Task<string> ReadStartAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync(cancellationToken));
        char[] start = new char[MaxBody];
        int count = await reader.ReadBlockAsync(start, cancellationToken);
        return new string(start, 0, count).Trim();
    }

    private static TimeSpan? PauseOf(RetryConditionHeaderValue? after) =>
        after?.Delta
        ?? (after?.Date is { } date ? date - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } wait ? wait : TimeSpan.Zero : null);

    /// <param name="Pause">The wait that the receiver asks for; null when it asks for none.</param>
    private sealed record Attempt(SendResult Result, TimeSpan? Pause = null)
    {
        public bool IsRetriedSoon => Result is { Problem: not null, IsFinal: false } && !(Pause > LongestPause);
    }

    private static partial class Log
    {
        [LoggerMessage(4201, LogLevel.Warning, "Channel {Channel} did not accept announcement {Id}: {Problem}")]
        public static partial void NotSent(ILogger logger, string channel, string id, string problem);
    }
}

/// <summary>A channel behind an incoming webhook.</summary>
/// <param name="write">The message as this kind of receiver takes it.</param>
internal sealed class WebhookChannel(
    string name, string kind, ChannelOptions settings, Func<Announcement, JsonObject> write, WebhookSender sender) : IAnnouncementChannel
{
    public string Name => name;

    public Task<SendResult> SendAsync(Announcement announcement, CancellationToken cancellationToken) =>
        sender.PostAsync(name, kind, settings, announcement.Id, write(announcement), cancellationToken);
}

/// <summary>Formats an announcement as flat JSON; <c>id</c> is the same for every attempt, so receivers can drop repeats.</summary>
internal static class WebhookMessage
{
    public static JsonObject Write(Announcement announcement) => new()
    {
        ["id"] = announcement.Id,
        ["source"] = "sitemonitor",
        ["topic"] = announcement.Topic,
        ["at"] = announcement.At,
        ["phase"] = announcement.Phase,
        ["title"] = announcement.Title,
        ["text"] = string.Join('\n', announcement.Lines),
        ["lines"] = new JsonArray([.. announcement.Lines.Select(line => (JsonNode)line)]),
        ["incident"] = announcement.IncidentId,
    };
}
