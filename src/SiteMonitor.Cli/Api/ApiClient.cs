using System.Net;
using System.Text;
using System.Text.Json;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.State;

namespace SiteMonitor.Cli.Api;

/// <summary>Sends requests to the application's HTTP routes.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string RoutePrefix = "api/";
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(100);

    /// <summary>A command reports that it is waiting when a request takes longer than this.</summary>
    private static readonly TimeSpan WaitNoticeDelay = TimeSpan.FromSeconds(2);

    private readonly Terminal _terminal;
    private readonly HttpClient _http;
    private bool _isWaitShown;

    public ApiClient(ApiTarget target, Terminal terminal)
    {
        (Target, _terminal) = (target, terminal);
        _http = new HttpClient(terminal.Http()) { BaseAddress = target.Url, Timeout = RequestTimeout };
    }

    public ApiTarget Target { get; }

    public Task<ApiResponse<T>> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => SendAsync(new HttpRequestMessage(HttpMethod.Get, RoutePrefix + path), Read<T>, cancellationToken);

    /// <summary>Gets a route whose response is text, not JSON.</summary>
    /// <param name="isPage">Whether the response is a web page.</param>
    public Task<ApiResponse<string>> GetTextAsync(string path, CancellationToken cancellationToken, bool isPage = false) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, RoutePrefix + path), static text => text, cancellationToken, isPage);

    public Task<ApiResponse<T>> PostAsync<TBody, T>(string path, TBody body, CancellationToken cancellationToken)
        where T : class =>
        PostAsync<T>(path, new StringContent(RolloutJson.Write(body), Encoding.UTF8, "application/json"), cancellationToken);

    public Task<ApiResponse<T>> PostAsync<T>(string path, HttpContent content, CancellationToken cancellationToken)
        where T : class =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, RoutePrefix + path) { Content = content }, Read<T>, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static T? Read<T>(string body) => JsonSerializer.Deserialize<T>(body, RolloutJson.Options);

    private static Problem ReadProblem(HttpResponseMessage response, string body, bool hasKey)
    {
        if (response.Content.Headers.ContentType?.MediaType == Problem.ContentType && Read<Problem>(body) is { } problem)
        {
            return problem;
        }

        (string title, string detail) = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when hasKey =>
                ("The function key was not accepted", $"Pass the right key with --key or in {ApiTargetFinder.KeyVariable}."),
            HttpStatusCode.Unauthorized =>
                ("A function key is needed",
                $"Pass it with --key or in {ApiTargetFinder.KeyVariable}; a host on this machine keeps it in .sitemonitor/keys.json."),
            HttpStatusCode.NotFound =>
                ("The application has no such route",
                "Check that --url is the address of a SiteMonitor application of this version, without /api."),
            _ => ($"The application answered {(int)response.StatusCode}", "See the application's log for the reason."),
        };
        return new Problem { Title = title, Detail = detail, Status = (int)response.StatusCode };
    }

    /// <summary>Awaits the response. On an interactive terminal, reports once per command that it takes long.</summary>
    private async Task<HttpResponseMessage> ShowWaitAsync(Task<HttpResponseMessage> response)
    {
        if (!_isWaitShown && _terminal.Error.Profile.Capabilities.Interactive)
        {
            using CancellationTokenSource delay = new();
            if (await Task.WhenAny(response, Task.Delay(WaitNoticeDelay, _terminal.Time, delay.Token)) != response)
            {
                _isWaitShown = true;
                _terminal.Error.WriteStyledLine($"Waiting for {Target.Url.AbsoluteUri} …");
            }

            await delay.CancelAsync();
        }

        return await response;
    }

    private async Task<ApiResponse<T>> SendAsync<T>(
        HttpRequestMessage request, Func<string, T?> read, CancellationToken cancellationToken, bool isPage = false)
        where T : class
    {
        using HttpRequestMessage sent = request;
        if (Target.Key is not null)
        {
            sent.Headers.Add("x-functions-key", Target.Key);
        }

        try
        {
            using HttpResponseMessage response = await ShowWaitAsync(_http.SendAsync(sent, cancellationToken));
            UnexpectedResponse.ThrowIfUnexpected(Target.Url, response, isPage);

            // The application always answers in UTF-8, whatever a proxy makes of the content type.
            string body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellationToken)).TrimStart('\ufeff');

            // A failing application reports its health with status 503.
            bool hasValue = response.IsSuccessStatusCode
                || (response.StatusCode == HttpStatusCode.ServiceUnavailable && typeof(T) == typeof(HealthReport));
            return hasValue
                ? new ApiResponse<T>(response.StatusCode, read(body) ?? throw new JsonException("It answered null."), null, body)
                : new ApiResponse<T>(response.StatusCode, null, ReadProblem(response, body, Target.Key is not null), body)
                {
                    RetryAfter = response.Headers.RetryAfter?.Delta,
                };
        }
        catch (HttpRequestException e)
        {
            throw UnexpectedResponse.ToUnreachable(Target.Url, e);
        }
        catch (JsonException e)
        {
            throw new UnreachableException($"The server at {Target.Url} is not a SiteMonitor application of this version: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnreachableException($"{Target.Url} did not answer within {RequestTimeout.TotalSeconds:0} s.");
        }
    }
}

/// <summary>Holds a response of the application.</summary>
/// <param name="Value">Set if the request succeeded.</param>
/// <param name="Problem">Set if it did not.</param>
/// <param name="Body">The response's text as received.</param>
internal sealed record ApiResponse<T>(HttpStatusCode Status, T? Value, Problem? Problem, string Body)
    where T : class
{
    /// <summary>When the application asks to try again; null where it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }

    public int ExitCode => Problem is null ? Cli.ExitCode.Ok : (int)Status >= 500 ? Cli.ExitCode.Failed : Cli.ExitCode.Refused;
}
