using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.Flags;

namespace SiteMonitor.Functions.Hosting;

internal sealed class FlagsProbe(FlagSource source) : IHealthProbe
{
    public async Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        await source.CurrentAsync(cancellationToken);
        FlagHealth health = source.Health;
        return health.IsHealthy
            ? new HealthEntry("flags", HealthReport.Ok, $"{health.Store}, revision {health.Revision}, read at {health.ReadAt:u}.")
            : new HealthEntry("flags", HealthReport.Degraded, string.Join(" ", health.Problems));
    }
}
