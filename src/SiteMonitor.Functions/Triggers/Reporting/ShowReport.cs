using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>
/// Shows the success tables and lessons learned as Markdown, or in the format of <c>?format=</c> or <c>Accept</c>: html, json.
/// </summary>
public sealed class ShowReport(ReportReader reports)
{
    /// <summary>Covers the whole rollout as planned.</summary>
    private const int DefaultDays = 90;

    [Function(nameof(ShowReport))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "report")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<string> errors = [];
        string format = GetFormat(request);
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
            return Responses.BadRequest("The report was not written.", errors);
        }

        RolloutReport report = await reports.ReadAsync(TimeSpan.FromDays(days), cancellationToken);
        return format switch
        {
            "json" => Responses.RolloutJson(report),
            "html" => Html(request, report),
            _ => Responses.Text(ReportMarkdown.Write(report), "text/markdown"),
        };
    }

    private static IActionResult Html(HttpRequest request, RolloutReport report)
    {
        request.HttpContext.Response.Headers.ContentSecurityPolicy =
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return Responses.Text(ReportHtml.Write(report), "text/html");
    }

    private static string GetFormat(HttpRequest request)
    {
        string query = request.Query["format"].ToString();
        string accept = request.Headers.Accept.ToString();
        return query.Length > 0 ? query.ToLowerInvariant()
            : accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) ? "html"
            : accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) ? "json"
            : "md";
    }
}
