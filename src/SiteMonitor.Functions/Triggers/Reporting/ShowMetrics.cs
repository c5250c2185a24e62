using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Reporting;

/// <summary>Shows the figures of the last days (<c>?days=</c>) as JSON, or as OpenMetrics text with <c>Accept</c>.</summary>
public sealed class ShowMetrics(MetricsReader metrics, IRunLedger ledger, RolloutStateRepository states, IServiceStatusSource services)
{
    private const int DefaultDays = 7;
    private const int MaxDays = 90;

    [Function(nameof(ShowMetrics))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "metrics")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadDays(request, DefaultDays, out double days))
        {
            return Responses.BadRequest("The metrics were not read.", [$"days: must be a number above 0, up to {MaxDays}."]);
        }

        MetricsSummary summary = await metrics.ReadAsync(TimeSpan.FromDays(days), cancellationToken);
        return request.Headers.Accept.ToString().Contains(OpenMetricsText.MediaType, StringComparison.OrdinalIgnoreCase)
            ? await TextAsync(summary, cancellationToken)
            : Responses.Ok(summary);
    }

    /// <summary>Reads the query parameter <c>days</c>.</summary>
    internal static bool TryReadDays(HttpRequest request, double defaultDays, out double days)
    {
        string text = request.Query["days"].ToString();
        days = defaultDays;
        return text.Length == 0
            || (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out days)
                && days is > 0 and <= MaxDays);
    }

    private async Task<IActionResult> TextAsync(MetricsSummary summary, CancellationToken cancellationToken)
    {
        DateTimeOffset midnight = new(summary.At.UtcDateTime.Date, TimeSpan.Zero);
        IReadOnlyList<IRunFacts> today = await ledger.ReadFactsAsync(new LedgerQuery(From: midnight), cancellationToken);
        RolloutState state = (await states.ReadAsync(cancellationToken)).State;
        return new ContentResult
        {
            Content = OpenMetricsText.Write(summary, today, state, states.Plan.Guard, services.Services),
            ContentType = OpenMetricsText.ContentType,
            StatusCode = StatusCodes.Status200OK,
        };
    }
}
