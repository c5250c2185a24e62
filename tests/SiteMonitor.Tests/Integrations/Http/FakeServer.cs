using System.Collections.Concurrent;
using System.Text;
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
