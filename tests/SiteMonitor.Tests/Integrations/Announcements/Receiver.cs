using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace SiteMonitor.Tests.Integrations.Announcements;

/// <summary>An incoming webhook on this machine: keeps what it gets, answers what the test says.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(int Status, string? RetryAfter)> _answers = new();

    private Receiver(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Body, IHeaderDictionary Headers)> Messages { get; } = new();

    /// <summary>What to answer with 200.</summary>
    public string Body { get; set; } = string.Empty;

    public string Url => $"{_app.Urls.Single()}/hooks/T0/s3cret-path";

    public static async Task<Receiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        Receiver receiver = new(app);
        app.MapPost("/hooks/T0/s3cret-path", receiver.TakeAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>What to answer next, before going back to 200.</summary>
    public Receiver Answer(int status, string? retryAfter = null)
    {
        _answers.Enqueue((status, retryAfter));
        return this;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using StreamReader reader = new(context.Request.Body);
        Messages.Enqueue((await reader.ReadToEndAsync(), new HeaderDictionary(context.Request.Headers.ToDictionary())));
        if (!_answers.TryDequeue(out (int Status, string? RetryAfter) answer))
        {
            await context.Response.WriteAsync(Body);
            return;
        }

        if (answer.Status == 0)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
        }

        context.Response.StatusCode = answer.Status;
        context.Response.Headers.RetryAfter = answer.RetryAfter;
    }
}
