using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Settings;
using SiteMonitor.Functions.Triggers.Http;

namespace SiteMonitor.Functions.Triggers.Health;

/// <summary>Says how the application is; open to anybody, so it names no secret and no repository.</summary>
public sealed partial class ShowHealth(HttpErrorHandler guarded, IEnumerable<IHealthProbe> probes, ILogger<ShowHealth> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Function(nameof(ShowHealth))]
    public Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken) =>
        guarded.RunAsync(request, async () =>
        {
            HealthEntry[] entries = await Task.WhenAll(probes.Select(probe => LookAsync(probe, cancellationToken)));
            string status = Worst(entries);
            HealthReport report = new() { Status = status, Version = AppVersion.Current, Checks = entries };
            return new ObjectResult(report) { StatusCode = status == HealthReport.Failing ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK };
        });

    private async Task<HealthEntry> LookAsync(IHealthProbe probe, CancellationToken cancellationToken)
    {
        string name = probe.GetType().Name.Replace("Probe", string.Empty, StringComparison.Ordinal).ToLowerInvariant();
        try
        {
            return await probe.ProbeAsync(cancellationToken).WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            return new HealthEntry(name, HealthReport.Failing, FormattableString.Invariant($"No answer within {Patience.TotalSeconds} s."));
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.ProbeBroke(logger, name, exception);
            return new HealthEntry(name, HealthReport.Failing, $"The check broke with {exception.GetType().Name}: see the log.");
        }
    }

    private static string Worst(IReadOnlyCollection<HealthEntry> entries) =>
        entries.Any(e => e.Status == HealthReport.Failing) ? HealthReport.Failing
        : entries.Any(e => e.Status == HealthReport.Degraded) ? HealthReport.Degraded
        : HealthReport.Ok;

    private static partial class Log
    {
        [LoggerMessage(331, LogLevel.Warning, "The health check {Name} broke")]
        public static partial void ProbeBroke(ILogger logger, string name, Exception exception);
    }
}
