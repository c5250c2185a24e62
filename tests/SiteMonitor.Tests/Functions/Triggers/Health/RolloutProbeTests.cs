using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Functions.Triggers.Health;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Functions.Triggers.Health;

public sealed class RolloutProbeTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");

    public void Dispose() => _rollout.Dispose();

    [Fact]
    public async Task A_Guard_That_Stopped_Shows_On_The_Health_Page()
    {
        await _rollout.MinuteAsync();
        Assert.Equal(HealthReport.Ok, (await ProbeAsync(_rollout)).Status);

        _rollout.Time.Advance(TimeSpan.FromMinutes(7));
        HealthEntry silent = await ProbeAsync(_rollout);

        Assert.Equal(HealthReport.Degraded, silent.Status);
        Assert.StartsWith("The guard has not run for 7 min (last at 2026-11-02 08:01): nothing rolls back by itself", silent.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Rollback_Shows_With_The_Command_To_Look_At_It()
    {
        await _rollout.MinuteAsync();
        Assert.Null((await ProbeAsync(_rollout)).Next);

        await _rollout.Control.RunAsync("rollback", RolloutFixture.By("ada", "wrong guidance"), RolloutFixture.Cancel);
        HealthEntry entry = await ProbeAsync(_rollout);

        Assert.Equal(HealthReport.Ok, entry.Status);
        Assert.EndsWith("Rolled back since 2026-11-02 08:01:00Z (full rollback).", entry.Detail, StringComparison.Ordinal);
        Assert.EndsWith("sitemonitor rollout status", entry.Next, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Phase_That_The_Plan_Does_Not_Have_Shows_With_What_To_Do()
    {
        await _rollout.StateAsync();
        RolloutPlan without = _rollout.Plan with { Phases = [.. _rollout.Plan.Phases.Where(p => p.Name != "half")] };
        using RolloutFixture changed = _rollout.With(without);

        HealthEntry entry = await ProbeAsync(changed);

        Assert.Equal(HealthReport.Degraded, entry.Status);
        Assert.Contains("put it back into the plan (Rollout:Plan) and restart", entry.Detail, StringComparison.Ordinal);
    }

    private static Task<HealthEntry> ProbeAsync(RolloutFixture rollout) => new RolloutProbe(rollout.States, rollout.Time).ProbeAsync(RolloutFixture.Cancel);
}
