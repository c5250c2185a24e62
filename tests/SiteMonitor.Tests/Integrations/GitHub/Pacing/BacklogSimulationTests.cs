using SiteMonitor.Benchmarks.Backlog;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

/// <summary>A small run of <c>bench backlog</c>.</summary>
public sealed class BacklogSimulationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(10)]
    public async Task A_Backlog_Uses_The_Limits_Is_Never_Refused_And_Delays_Nothing_Urgent(int instances)
    {
        using BacklogSimulation simulation = new(issues: 200, instances, seed: 1);

        BacklogFigures figures = await simulation.RunAsync();

        Assert.Equal(0, figures.Refusals);
        Assert.True(figures.Hours > 1, $"{figures.Hours} h: too short to meet the hour's limit.");
        Assert.InRange(figures.Ratio, 0.95, 1);
        Assert.InRange(figures.Fairness, 0.8, 1);
        Assert.InRange(figures.UrgentSeconds, 0, 60);
        Assert.InRange(figures.WebhookSeconds, 0, 60);
        Assert.InRange(figures.StoreCallsPerWrite, 0.1, 0.6 + (0.4 * instances));
    }
}
