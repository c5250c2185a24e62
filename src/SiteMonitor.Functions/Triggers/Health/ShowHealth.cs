using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Health;

/// <summary>Shows the application's health.</summary>
public sealed partial class ShowHealth(IEnumerable<IHealthProbe> probes, ILogger<ShowHealth> logger)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Shows whether the application is healthy. Anybody may call it, so it tells neither version nor details.</summary>
    [Function(nameof(ShowHealth))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        HealthReport report = await ProbeAllAsync(cancellationToken);
        return Respond(report with
        {
            Version = string.Empty,
            Checks = [.. report.Checks.Select(check => check with { Detail = string.Empty, Next = null })],
        });
    }

    /// <summary>Shows the application's health with its version and what each check found.</summary>
    [Function("ShowHealthDetails")]
    public async Task<IActionResult> ShowDetailsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "health/details")] HttpRequest request,
        CancellationToken cancellationToken) =>
        Respond(await ProbeAllAsync(cancellationToken));

    private static ObjectResult Respond(HealthReport report) => new(report)
    {
        StatusCode = report.Status == HealthReport.Failing ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
    };

    private async Task<HealthReport> ProbeAllAsync(CancellationToken cancellationToken)
    {
        HealthEntry[] entries = await Task.WhenAll(probes.Select(probe => ProbeAsync(probe, cancellationToken)));
        return new HealthReport { Status = GetWorstStatus(entries), Version = AppVersion.Current, Checks = entries };
    }

    private async Task<HealthEntry> ProbeAsync(IHealthProbe probe, CancellationToken cancellationToken)
    {
        string name = probe.GetType().Name.Replace("Probe", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
        try
        {
            return await probe.ProbeAsync(cancellationToken).WaitAsync(ProbeTimeout, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new HealthEntry(name, HealthReport.Failing,
                FormattableString.Invariant($"No response within {ProbeTimeout.TotalSeconds} s."));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.ProbeFailed(logger, name, exception);
            return new HealthEntry(name, HealthReport.Failing, $"The check failed with {exception.GetType().Name}: see the log.");
        }
    }

    private static string GetWorstStatus(IReadOnlyCollection<HealthEntry> entries) =>
        entries.Any(e => e.Status == HealthReport.Failing) ? HealthReport.Failing
        : entries.Any(e => e.Status == HealthReport.Degraded) ? HealthReport.Degraded
        : HealthReport.Ok;

    private static partial class Log
    {
        [LoggerMessage(331, LogLevel.Warning, "The health check {Name} failed")]
        public static partial void ProbeFailed(ILogger logger, string name, Exception exception);
    }
}
