using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Reporting;

namespace SiteMonitor.Functions.Triggers.Health;

/// <summary>Names the services that get no requests because they are down.</summary>
internal sealed class ServicesProbe(IServiceStatusSource services) : IHealthProbe
{
    private const string Name = "services";

    public Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        string[] down = [.. services.Services.Where(s => s.DownSince is not null).Select(Describe)];
        return Task.FromResult(down.Length == 0
            ? new HealthEntry(Name, HealthReport.Ok, "No service is known to be down.")
            : new HealthEntry(Name, HealthReport.Degraded, string.Join(" ", down)));
    }

    private static string Describe(ServiceStatus service) =>
        $"{service.Name} is down since {service.DownSince:u}; "
        + $"next probe {(service.RetryAt is { } at ? $"at {at:u}" : "with the next request")}.";
}
