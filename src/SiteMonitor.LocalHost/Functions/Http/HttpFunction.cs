using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using SiteMonitor.LocalHost.Functions.Invocation;

namespace SiteMonitor.LocalHost.Functions.Http;

/// <summary>A function with an HTTP trigger, answering as the Functions host does.</summary>
internal sealed partial class HttpFunction
{
    /// <summary>Largest body that the Functions host reads: 100 MiB.</summary>
    public const long MaxBodyBytes = 104_857_600;

    // The worker's ASP.NET Core integration keeps the request under this name, where GetHttpContext() looks for it.
    private const string HttpContextItem = "HttpRequestContext";

    private readonly FunctionInvoker _invoker;
    private readonly AuthorizationLevel _level;
    private readonly FunctionKeys _keys;
    private readonly CancellationToken _stopping;
    private readonly ILogger<HttpFunction> _logger;

    public HttpFunction(
        FunctionDescriptor function, string routePrefix, FunctionKeys keys, IHostApplicationLifetime lifetime, ILogger<HttpFunction> logger)
    {
        HttpTriggerAttribute trigger = (HttpTriggerAttribute)function.Trigger;
        if (function.TriggerParameter.ParameterType != typeof(HttpRequest))
        {
            throw new FunctionDefinitionException(
                [$"{function.Name}: the trigger's parameter of {function.EntryPoint} must be an HttpRequest."]);
        }

        Name = function.Name;
        Pattern = RoutePatternFactory.Parse($"{routePrefix.Trim('/')}/{(trigger.Route ?? function.Name).TrimStart('/')}".TrimStart('/'));
        Methods = [.. (trigger.Methods ?? []).Select(m => m.ToUpperInvariant())];
        (_level, _keys, _stopping, _logger) = (trigger.AuthLevel, keys, lifetime.ApplicationStopping, logger);
        _invoker = new FunctionInvoker(function, [.. Pattern.Parameters.Select(p => p.Name)]);
    }

    public string Name { get; }

    public RoutePattern Pattern { get; }

    /// <summary>Methods in upper case; empty for all.</summary>
    public IReadOnlyList<string> Methods { get; }

    public async Task AnswerAsync(HttpContext http)
    {
        if (!HttpAuthorization.IsAllowed(_level, http.Request, _keys))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        try
        {
            LimitBody(http.Request);
            await InvokeAsync(http);
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException && http.RequestAborted.IsCancellationRequested)
        {
            Log.Aborted(_logger, Name);
        }
        catch (BadHttpRequestException bad)
        {
            // A slow or broken client is not a failure of the function.
            Log.ClientFailed(_logger, Name, bad);
            Fail(http, bad.StatusCode);
        }
#pragma warning disable CA1031 // Whatever the function threw is its answer 500 and a line in the log.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Log.Failed(_logger, Name, failure);
            Fail(http, StatusCodes.Status500InternalServerError);
        }
    }

    private async Task InvokeAsync(HttpContext http)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _stopping);
        LocalFunctionContext context = new(_invoker.Definition, http.Request, http.RequestServices, http.Request.RouteValues, stop.Token);
        using Activity? span = InvocationSpan.Start(context, "http", ActivityKind.Server)?
            .SetTag("http.request.method", http.Request.Method)
            .SetTag("http.route", Pattern.RawText);
        context.Items[HttpContextItem] = http;
        FunctionExecutionDelegate invoke = async _ => await HttpResult.WriteAsync(http, await _invoker.InvokeAsync(context));
        foreach (IFunctionsWorkerMiddleware middleware in http.RequestServices.GetServices<IFunctionsWorkerMiddleware>().Reverse())
        {
            FunctionExecutionDelegate next = invoke;
            invoke = functionContext => middleware.Invoke(functionContext, next);
        }

        await invoke(context);
        span?.SetTag("http.response.status_code", http.Response.StatusCode);
    }

    private static void LimitBody(HttpRequest request)
    {
        if (request.ContentLength > MaxBodyBytes)
        {
            throw new BadHttpRequestException($"The body has {request.ContentLength} bytes; the limit is {MaxBodyBytes}.",
                StatusCodes.Status413PayloadTooLarge);
        }

        if (request.ContentLength is null && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
        {
            request.Body = new LengthLimitedStream(request.Body, MaxBodyBytes);
        }
    }

    private static void Fail(HttpContext http, int status)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = status;
    }

    private static partial class Log
    {
        [LoggerMessage(191, LogLevel.Error, "Function {Function} failed.")]
        public static partial void Failed(ILogger logger, string function, Exception failure);

        [LoggerMessage(193, LogLevel.Debug, "Function {Function}: the client sent a request that could not be read.")]
        public static partial void ClientFailed(ILogger logger, string function, Exception failure);

        [LoggerMessage(192, LogLevel.Debug, "Function {Function}: the client went away.")]
        public static partial void Aborted(ILogger logger, string function);
    }
}
