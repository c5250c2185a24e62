using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core;

namespace SiteMonitor.Functions.Triggers.Http;

/// <summary>Runs a route so that nothing is thrown to the host, which would answer with an empty 500.</summary>
public sealed partial class HttpErrorHandler(ILogger<HttpErrorHandler> logger)
{
    public async Task<IActionResult> RunAsync(HttpRequest request, Func<Task<IActionResult>> work)
    {
        try
        {
            return await work();
        }
        catch (RequestBodyException refused)
        {
            return Responses.Problem(refused.Status, "The request's body was refused.", refused.Message, refused.Errors);
        }
        catch (OperationCanceledException) when (request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return new StatusCodeResult(StatusCodes.Status499ClientClosedRequest);
        }
        catch (TransientFailureException failure)
        {
            Log.Failed(logger, request.Method, request.Path, failure);
            return Responses.Problem(StatusCodes.Status503ServiceUnavailable, "Something the answer needs does not respond.", $"{failure.Message} Try again in a minute.");
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.Unavailable)
        {
            Log.Failed(logger, request.Method, request.Path, failure);
            return Responses.Problem(
                StatusCodes.Status503ServiceUnavailable, "The durable engine takes no requests at the moment.", "GET health says why. Try again in a minute: an issue is never processed twice at once.");
        }
        catch (PermanentFailureException failure)
        {
            Log.Failed(logger, request.Method, request.Path, failure);
            return Responses.Problem(StatusCodes.Status502BadGateway, "Something the answer needs refused the request.", failure.Message);
        }
        catch (Exception exception)
        {
            Log.Failed(logger, request.Method, request.Path, exception);
            return Responses.Problem(
                StatusCodes.Status500InternalServerError,
                "The request failed.",
                $"The log has the details, under {request.HttpContext.TraceIdentifier}. Nothing is known of its effect: ask for the state before you try again.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(301, LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, string method, string path, Exception exception);
    }
}
