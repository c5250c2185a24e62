using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>
/// Worker middleware for HTTP triggers: answers an exception with problem+json (RFC 9457), because the host would answer 500 without a
/// body.
/// </summary>
public sealed partial class HttpErrorHandler(ILogger<HttpErrorHandler> logger) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
#pragma warning disable CA1031 // The host would answer every exception with an empty 500.
        catch (Exception exception) when (context.GetHttpContext() is { Response.HasStarted: false } http)
#pragma warning restore CA1031
        {
            await ToResult(exception, http).ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
        }
    }

    private IActionResult ToResult(Exception exception, HttpContext http)
    {
        switch (exception)
        {
            case HttpProblemException refused:
                return Responses.Problem(refused.Problem);
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                return new StatusCodeResult(StatusCodes.Status499ClientClosedRequest);
            case BadHttpRequestException bad:
                // A slow or broken client is not a failure of ours.
                Log.ClientFailed(logger, http.Request.Method, http.Request.Path, bad);
                return Responses.Problem(bad.StatusCode, "The request could not be read.", bad.Message);
            case IOException when http.RequestAborted.IsCancellationRequested:
                return new StatusCodeResult(StatusCodes.Status499ClientClosedRequest);
            default:
                Log.Failed(logger, http.Request.Method, http.Request.Path, exception);
                return ToFailure(exception, http.TraceIdentifier);
        }
    }

    private static IActionResult ToFailure(Exception exception, string traceId) => exception switch
    {
        TransientFailureException failure => Responses.Problem(
            StatusCodes.Status503ServiceUnavailable, "A service behind this route does not respond.",
            $"{failure.Message} Try again in a minute."),
        RpcException { StatusCode: StatusCode.Unavailable } => Responses.Problem(
            StatusCodes.Status503ServiceUnavailable,
            "The durable engine accepts no requests at the moment.",
            "GET health/details shows the reason. Try again in a minute: an issue is never processed twice at once."),
        PermanentFailureException failure => Responses.Problem(
            StatusCodes.Status502BadGateway, "A service behind this route refused the request.", failure.Message),
        _ => Responses.Problem(
            StatusCodes.Status500InternalServerError,
            "The request failed.",
            $"The log has the details under {traceId}. The request may have had an effect: check the state before you try again."),
    };

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, string method, string path, Exception exception);

        [LoggerMessage(302, LogLevel.Debug, "The client of {Method} {Path} sent a request that could not be read")]
        public static partial void ClientFailed(ILogger logger, string method, string path, Exception exception);
    }
}

/// <summary>Ends a request with this problem as its response.</summary>
internal sealed class HttpProblemException(Problem problem) : Exception(problem.Detail)
{
    /// <param name="title">What happened.</param>
    /// <param name="detail">What to do.</param>
    /// <param name="errors">One line per error, each with where it is.</param>
    public HttpProblemException(int status, string title, string detail, IReadOnlyList<string>? errors = null)
        : this(new Problem { Title = title, Status = status, Detail = detail, Errors = errors ?? [] })
    {
    }

    public Problem Problem { get; } = problem;
}
