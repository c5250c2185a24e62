using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Functions.Dashboard;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>
/// The dashboard's page, opened as <c>dashboard?code=KEY</c>. It holds no data: its script takes the key out of the address into memory and asks the other routes with it in a header.
/// </summary>
public sealed class ShowDashboard(HttpErrorHandler guarded)
{
    [Function(nameof(ShowDashboard))]
    public Task<IActionResult> RunAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "dashboard")] HttpRequest request) =>
        guarded.RunAsync(request, () =>
        {
            IHeaderDictionary headers = request.HttpContext.Response.Headers;
            headers.ContentSecurityPolicy = DashboardPage.ContentSecurityPolicy;
            headers.CacheControl = "no-store";
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Referrer-Policy"] = "no-referrer";
            return Task.FromResult(RolloutResponses.Text(DashboardPage.Html, "text/html"));
        });
}
