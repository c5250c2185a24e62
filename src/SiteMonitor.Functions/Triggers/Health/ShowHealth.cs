using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Health;

/// <summary>Shows the application's health. Anybody may call it, so it names no secret and no repository.</summary>
public sealed partial class ShowHealth(IEnumerable<IHealthProbe> probes, ILogger<ShowHealth> logger)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    [Function(nameof(ShowHealth))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        HealthEntry[] entries = await Task.WhenAll(probes.Select(probe => ProbeAsync(probe, cancellationToken)));
        string status = GetWorstStatus(entries);
        HealthReport report = new() { Status = status, Version = AppVersion.Current, Checks = entries };
        return new ObjectResult(report)
        {
            StatusCode = status == HealthReport.Failing ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
        };
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
