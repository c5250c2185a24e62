using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Cli.Api;

/// <summary>Speaks to the application's HTTP routes.</summary>
internal sealed class ApiClient : IDisposable
{
    private const string RoutePrefix = "api/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);

    private readonly HttpClient _http;
    private readonly ApiTarget _target;

    public ApiClient(ApiTarget target, HttpMessageHandler handler)
    {
        _target = target;
        _http = new HttpClient(handler) { BaseAddress = target.Url, Timeout = Patience };
    }

    public ApiTarget Target => _target;

    public Task<ApiResponse<T>> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => SendAsync(new HttpRequestMessage(HttpMethod.Get, RoutePrefix + path), Json(type), cancellationToken);

    /// <summary>For routes that answer with a text.</summary>
    public Task<ApiResponse<string>> GetTextAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, RoutePrefix + path), static text => text, cancellationToken);

    public Task<ApiResponse<TAnswer>> PostAsync<TBody, TAnswer>(
        string path, TBody body, JsonTypeInfo<TBody> bodyType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
        where TAnswer : class =>
        PostAsync(path, new StringContent(JsonSerializer.Serialize(body, bodyType), Encoding.UTF8, "application/json"), answerType, cancellationToken);

    public Task<ApiResponse<T>> PostAsync<T>(string path, HttpContent content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => SendAsync(new HttpRequestMessage(HttpMethod.Post, RoutePrefix + path) { Content = content }, Json(type), cancellationToken);

    public void Dispose() => _http.Dispose();

    private static Func<string, T?> Json<T>(JsonTypeInfo<T> type) => body => JsonSerializer.Deserialize(body, type);

    private static Problem ReadProblem(HttpResponseMessage response, string body, bool keyGiven)
    {
        if (response.Content.Headers.ContentType?.MediaType == Problem.ContentType)
        {
            return JsonSerializer.Deserialize(body, ContractJson.Default.Problem)!;
        }

        (string title, string detail) = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized when keyGiven => ("The function key was not accepted", "Give the right one with --key, or in SITEMONITOR_KEY."),
            HttpStatusCode.Unauthorized => ("A function key is needed", "Give it with --key or in SITEMONITOR_KEY; a host on this machine keeps it in .sitemonitor/keys.json."),
            HttpStatusCode.NotFound => ("The application has no such route", "Is --url the address of a SiteMonitor application of this version, without /api?"),
            _ => ($"The application answered {(int)response.StatusCode}", "Its log says why."),
        };
        return new Problem { Title = title, Detail = detail, Status = (int)response.StatusCode };
    }

    private async Task<ApiResponse<T>> SendAsync<T>(HttpRequestMessage request, Func<string, T?> read, CancellationToken cancellationToken)
        where T : class
    {
        using HttpRequestMessage sent = request;
        if (_target.Key is not null)
        {
            sent.Headers.Add("x-functions-key", _target.Key);
        }

        try
        {
            using HttpResponseMessage response = await _http.SendAsync(sent, cancellationToken);
            string body = await response.Content.ReadAsStringAsync(cancellationToken);
            bool done = response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.ServiceUnavailable && typeof(T) == typeof(HealthReport));
            return done
                ? new ApiResponse<T>(response.StatusCode, read(body), null, body)
                : new ApiResponse<T>(response.StatusCode, null, ReadProblem(response, body, _target.Key is not null), body);
        }
        catch (HttpRequestException e)
        {
            throw new UnreachableException($"Nothing answers at {_target.Url} ({e.Message}). Start it with 'dotnet dev.cs run', or give its address with --url.");
        }
        catch (JsonException e)
        {
            throw new UnreachableException($"What answers at {_target.Url} is no SiteMonitor application of this version: {e.Message}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new UnreachableException($"{_target.Url} did not answer within {Patience.TotalSeconds:0} s.");
        }
    }
}

/// <summary>What the application answered.</summary>
/// <param name="Value">Set when it did what was asked.</param>
/// <param name="Problem">Set otherwise.</param>
/// <param name="Body">The answer's text, as it came.</param>
internal sealed record ApiResponse<T>(HttpStatusCode Status, T? Value, Problem? Problem, string Body)
    where T : class
{
    public int ExitCode => Problem is null ? Cli.ExitCode.Ok : (int)Status >= 500 ? Cli.ExitCode.Failed : Cli.ExitCode.Refused;
}
