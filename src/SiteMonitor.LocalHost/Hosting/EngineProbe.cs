using DurableTask.Sqlite.Hosting;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Functions.Triggers.Health;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Whether the durable engine can write: while it cannot, nothing is started and nothing goes on.</summary>
internal sealed class EngineProbe(EmbeddedTaskHub hub) : IHealthProbe
{
    public Task<HealthEntry> ProbeAsync(CancellationToken cancellationToken) => Task.FromResult(hub.Problem is { } problem
        ? new HealthEntry("engine", HealthReport.Failing, problem)
        : new HealthEntry("engine", HealthReport.Ok, FormattableString.Invariant($"{hub.UnfinishedInstances} unfinished instances.")));
}
