using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;

namespace SiteMonitor.LocalHost.Functions.Http;

/// <summary>Writes the result of an HTTP function.</summary>
internal static class HttpResult
{
    private static readonly ActionDescriptor NoAction = new();

    public static Task WriteAsync(HttpContext http, object? result) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), NoAction)),
        IResult plain => plain.ExecuteAsync(http),
        _ when http.Response.HasStarted => Task.CompletedTask,
        null => NoContent(http),
        _ => http.Response.WriteAsJsonAsync(result, result.GetType(), JsonSerializerOptions.Web, http.RequestAborted),
    };

    private static Task NoContent(HttpContext http)
    {
        // A function without a result may have written the response itself, even only its status.
        if (http.Response.StatusCode == StatusCodes.Status200OK && http.Response.ContentLength is null)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        }

        return Task.CompletedTask;
    }
}
