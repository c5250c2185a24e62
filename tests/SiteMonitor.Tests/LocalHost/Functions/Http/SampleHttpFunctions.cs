using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace SiteMonitor.Tests.LocalHost.Functions.Http;

/// <summary>Functions for each behaviour of an HTTP trigger.</summary>
public sealed class SampleHttpFunctions(SampleLog log)
{
    public sealed record Greeting(string Name, int VisitCount);

    [Function("open")]
    public static IActionResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new OkObjectResult(request.Path.Value);

    [Function("guarded")]
    public static IActionResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new OkResult();

    [Function("admin-only")]
    public static IActionResult AdminOnly([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => new OkResult();

    [Function("numbered")]
    public static IActionResult Numbered(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{number:int}")] HttpRequest request, int number) =>
        new OkObjectResult(number);

    [Function("segments")]
    public static IActionResult Segments(
        [HttpTrigger(
            AuthorizationLevel.Anonymous, "get", Route = "issues/{owner}/{repo}/{number?}")] HttpRequest request, string owner, string repo,
            string? number) =>
        new OkObjectResult(new { owner, repo, number });

    [Function("rest")]
    public static IActionResult Rest(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "rest/{*path}")] HttpRequest request, string? path) =>
        new OkObjectResult(new { path });

    [Function("history")]
    public static IActionResult History(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "rollout/history")] HttpRequest request) =>
        new OkResult();

    [Function("change")]
    public static IActionResult Change(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "rollout/{action}")] HttpRequest request, string action) =>
        new OkObjectResult(action);

    [Function("any-method")]
    public static IActionResult AnyMethod([HttpTrigger(AuthorizationLevel.Anonymous, Route = "any")] HttpRequest request) =>
        new OkObjectResult(request.Method);

    [Function("count-body")]
    public static async Task<IActionResult> CountBody(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[81920];
        long bytes = 0;
        for (int read = -1; read != 0; bytes += read)
        {
            read = await request.Body.ReadAsync(buffer, cancellationToken);
        }

        return new OkObjectResult(bytes);
    }

    [Function("throws")]
    public static IActionResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException("secret detail");

    [Function("throws-later")]
    public static async Task<IActionResult> ThrowsLater([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await Task.Yield();
        throw new InvalidOperationException("secret detail");
    }

    [Function("problem")]
    public static IActionResult Problem([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new ObjectResult(new ProblemDetails { Title = "Not so", Status = 409 }) { StatusCode = 409 };

    [Function("record")]
    public static IActionResult Record([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new OkObjectResult(new Greeting("Zoë 🤖", 3));

    [Function("plain-object")]
    public static Greeting PlainObject([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new("plain", 1);

    [Function("headers")]
    public static IActionResult Headers([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        request.HttpContext.Response.Headers.ContentSecurityPolicy = "default-src 'self'";
        return new ContentResult { Content = $"{request.Scheme} {request.Host} {request.Path}", ContentType = "text/plain" };
    }

    [Function("context")]
    public static IActionResult Context(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "context/{id}")] HttpRequest request, FunctionContext context) =>
        new OkObjectResult(new
        {
            context.FunctionDefinition.Name,
            same = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            id = context.BindingContext.BindingData["id"],
            invocation = Guid.TryParse(context.InvocationId, out _),
        });

    [Function("stream")]
    public static async Task<IActionResult> Stream(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
    {
        HttpResponse response = request.HttpContext.Response;
        response.ContentType = "text/event-stream";
        for (int i = 0; i < 3; i++)
        {
            await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"data: {i}\n\n"), cancellationToken);
            await response.Body.FlushAsync(cancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, cancellationToken);
        }

        return new EmptyResult();
    }

    [Function("wait-until-aborted")]
    public async Task<IActionResult> WaitUntilAborted(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            log.Began.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            log.Aborted.TrySetResult(request.HttpContext.RequestAborted.IsCancellationRequested);
            throw;
        }

        return new OkResult();
    }
}

/// <summary>A service injected into sample functions, which records what happened.</summary>
public sealed class SampleLog
{
    public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<bool> Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
