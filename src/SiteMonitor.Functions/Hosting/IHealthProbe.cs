using SiteMonitor.Core.Contracts;

namespace SiteMonitor.Functions.Hosting;

/// <summary>Looks at one thing the application depends on, for <c>GET health</c>: quickly, and without throwing.</summary>
public interface IHealthProbe
{
    Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken);
}
