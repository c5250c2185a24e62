using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SiteMonitor.Tests.Integrations.Http;

/// <summary>A real HTTP server on loopback that answers as the test says and keeps what it was asked.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<RecordedRequest> _seen = new();

    private FakeServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.First() + "/";

    public IReadOnlyList<RecordedRequest> Seen => [.. _seen];

    /// <summary>Answers each request; may be replaced while the server runs.</summary>
    public required Func<RecordedRequest, CancellationToken, Task<FakeResponse>> Answer { get; set; }

    public static Task<FakeServer> StartAsync(Func<RecordedRequest, FakeResponse> answer) => StartAsync((request, _) => Task.FromResult(answer(request)));

    public static async Task<FakeServer> StartAsync(Func<RecordedRequest, CancellationToken, Task<FakeResponse>> answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        FakeServer server = new(app) { Answer = answer };
        app.Run(server.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext http)
    {
        using StreamReader reader = new(http.Request.Body, Encoding.UTF8);
        RecordedRequest request = new(
            http.Request.Method,
            http.Request.Path.Value!,
            http.Request.QueryString.Value ?? string.Empty,
            http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(http.RequestAborted));
        _seen.Enqueue(request);
        FakeResponse reply = await Answer(request, http.RequestAborted);
        if (reply.Aborts)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.ContentType;
        foreach ((string name, string value) in reply.Headers)
        {
            http.Response.Headers[name] = value;
        }

        if (reply.Status is not (204 or 304))
        {
            await http.Response.WriteAsync(reply.Body, http.RequestAborted);
        }
    }
}

internal sealed record FakeResponse(int Status, string Body, string ContentType = "application/json; charset=utf-8")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Cuts the connection instead of answering.</summary>
    public bool Aborts { get; init; }

    public static FakeResponse Broken { get; } = new(0, string.Empty) { Aborts = true };

    public static FakeResponse Ok(JsonNode body) => new(200, body.ToJsonString());

    public FakeResponse With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };
}

internal sealed record RecordedRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public JsonObject Json => (JsonObject)JsonNode.Parse(Body)!;

    /// <summary>The GraphQL operation's name: <c>ReadIssue</c>; empty for REST.</summary>
    public string Operation => Path.EndsWith("/graphql", StringComparison.Ordinal) ? ((string)Json["query"]!).Split(' ', '(')[1] : string.Empty;

    public JsonObject Variables => (JsonObject)Json["variables"]!;
}
