using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>The success tables and lessons learned: Markdown, or with <c>?format=html</c> or <c>json</c> (or <c>Accept</c>) those.</summary>
public sealed class ShowReport(HttpErrorHandler guarded, ReportReader reports)
{
    /// <summary>The whole rollout as planned, with room to spare.</summary>
    private const int DefaultDays = 90;

    [Function(nameof(ShowReport))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "report")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            List<string> errors = [];
            string format = FormatOf(request);
            if (format is not ("md" or "html" or "json"))
            {
                errors.Add("format: use md, html or json.");
            }

            if (!ShowMetrics.TryReadDays(request, DefaultDays, out double days))
            {
                errors.Add("days: must be a number above 0, up to 90.");
            }

            if (errors.Count > 0)
            {
                return Responses.BadRequest("There is no such report.", errors);
            }

            RolloutReport report = await reports.ReadAsync(TimeSpan.FromDays(days), cancellationToken);
            return format switch
            {
                "json" => RolloutResponses.Json(report),
                "html" => Html(request, report),
                _ => RolloutResponses.Text(ReportMarkdown.Write(report), "text/markdown"),
            };
        });

    private static IActionResult Html(HttpRequest request, RolloutReport report)
    {
        request.HttpContext.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return RolloutResponses.Text(ReportHtml.Write(report), "text/html");
    }

    private static string FormatOf(HttpRequest request)
    {
        string asked = request.Query["format"].ToString();
        string accept = request.Headers.Accept.ToString();
        return asked.Length > 0 ? asked.ToLowerInvariant()
            : accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) ? "html"
            : accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) ? "json"
            : "md";
    }
}
