using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>The figures of the last days as JSON or, when asked for with <c>Accept</c>, as OpenMetrics text.</summary>
public sealed class ShowMetrics(HttpErrorHandler guarded, MetricsReader metrics, IRunLedger ledger)
{
    private const int DefaultDays = 7;
    private const int MostDays = 90;

    [Function(nameof(ShowMetrics))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "metrics")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            if (!TryReadDays(request, DefaultDays, out double days))
            {
                return Responses.BadRequest("There are no such metrics.", [$"days: must be a number above 0, up to {MostDays}."]);
            }

            MetricsSummary summary = await metrics.ReadAsync(TimeSpan.FromDays(days), cancellationToken);
            return request.Headers.Accept.ToString().Contains(OpenMetricsText.MediaType, StringComparison.OrdinalIgnoreCase)
                ? await TextAsync(summary, cancellationToken)
                : Responses.Ok(summary);
        });

    /// <summary>The span asked for by <c>?days=</c>.</summary>
    internal static bool TryReadDays(HttpRequest request, double byDefault, out double days)
    {
        string text = request.Query["days"].ToString();
        days = byDefault;
        return text.Length == 0 || (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out days) && days is > 0 and <= MostDays);
    }

    private async Task<IActionResult> TextAsync(MetricsSummary summary, CancellationToken cancellationToken)
    {
        DateTimeOffset midnight = new(summary.At.UtcDateTime.Date, TimeSpan.Zero);
        List<RunRecord> today = await ledger.QueryAsync(new LedgerQuery(From: midnight), cancellationToken).ToListAsync(cancellationToken);
        return new ContentResult { Content = OpenMetricsText.Write(summary, today), ContentType = OpenMetricsText.ContentType, StatusCode = StatusCodes.Status200OK };
    }
}
