using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Health;
using SiteMonitor.LocalHost.Durable;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Whether the durable engine can write: while it cannot, nothing is started and nothing goes on.</summary>
internal sealed class EngineProbe(DurableEngine engine) : IHealthProbe
{
    public Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken)
    {
        EngineHealth health = engine.Health;
        return Task.FromResult(health.Problem is { } problem
            ? new HealthEntry("engine", HealthReport.Failing, problem)
            : new HealthEntry("engine", HealthReport.Ok, FormattableString.Invariant($"{health.Unfinished} unfinished instances.")));
    }
}
