using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Functions.Dashboard;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>
/// Serves the dashboard's page and its files. They hold no data, so they need no key: the page asks for one and sends it in a header with
/// each request.
/// </summary>
public static class ShowDashboard
{
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; " +
            "form-action 'none'; frame-ancestors 'none'";

    [Function(nameof(ShowDashboard))]
    public static IActionResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard")] HttpRequest request)
    {
        // The page's relative addresses hold without a slash at its end only.
        if (request.Path.Value is { } path && path.EndsWith('/'))
        {
            return new RedirectResult(path.TrimEnd('/') + request.QueryString);
        }

        request.HttpContext.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        return Send(request, DashboardFiles.Find(DashboardFiles.Page)!);
    }

#pragma warning disable CA1822 // Functions with an HTTP trigger are instance methods, like all others.
    [Function("ShowDashboardFile")]
    public static IActionResult File(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "dashboard/{file}")] HttpRequest request, string file) =>
        file != DashboardFiles.Page && DashboardFiles.Find(file) is { } found
            ? Send(request, found)
            : Responses.Problem(StatusCodes.Status404NotFound, "The dashboard has no such file.", "Open the page itself: GET dashboard.");
#pragma warning restore CA1822

    private static IActionResult Send(HttpRequest request, DashboardFile file)
    {
        IHeaderDictionary headers = request.HttpContext.Response.Headers;
        headers.CacheControl = "no-cache";
        headers.ETag = file.ETag;
        return request.Headers.IfNoneMatch.ToString() == file.ETag
            ? new StatusCodeResult(StatusCodes.Status304NotModified)
            : new FileContentResult(file.Content, file.ContentType);
    }
}
