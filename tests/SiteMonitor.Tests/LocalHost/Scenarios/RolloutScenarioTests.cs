using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.LocalHost.Scenarios;

public sealed class RolloutScenarioTests
{
    private static readonly string[] ShortLived = ["analyzing", "processing"];

    [Fact]
    public async Task A_Whole_Rollout_With_A_Partial_And_A_Full_Rollback_Reaches_Steady_And_Leaves_No_Issue_Half_Done()
    {
        CancellationToken cancel = TestContext.Current.CancellationToken;
        ITestOutputHelper? output = TestContext.Current.TestOutputHelper;
        using TestDirectory directory = new();
        await using ScenarioHost host = await ScenarioHost.StartAsync(directory.Path, RepositoryRoot.Path, "development", cancel);
        List<string> said = [];
        RolloutScenario scenario = new(host, line =>
        {
            said.Add(line);
            output?.WriteLine(line);
        });

        await scenario.RunAsync(cancel);

        RolloutStatus status = await host.StatusAsync(cancel);
        IReadOnlyList<AuditEntry> history = await host.HistoryAsync(cancel);
        Assert.Equal(("steady", null), (status.Phase, status.RolledBack));
        Assert.True(scenario.Issues >= 500, $"{scenario.Issues} issues");
        Assert.Equal(
            ["soft-launch", "parallel", "half", "full", "cleanup", "steady"], history.Where(e => e.What == "advance").Select(e => e.After));
        Assert.Single(history, e => e.What == "announce");
        Assert.DoesNotContain(history, e => e.What == "advance" && e.Reason.Contains("forced", StringComparison.Ordinal));
        Assert.Equal(
            ["Partial rollback of analysis", "Full rollback"], history.Where(
                e => e is { What: "rollback", Who: "guard" }).Select(e => e.After));
        Assert.Contains(history, e => e is { What: "reset-evidence", Phase: "parallel" });
        Assert.Contains(said, l => l.Contains("compare: 3 of 20 issues differ without an explanation", StringComparison.Ordinal));
        Assert.Contains(said, l => l.Contains("rollout/advance is refused: The gate of 'parallel' is not met", StringComparison.Ordinal));
        Assert.Empty(status.Incidents);
        Assert.All(status.Flags, f => Assert.Empty(f.Wanted));
        Assert.Equal("removed", status.Flags.Single(f => f.Flag == FlagNames.LegacyCommands).Setting);
        IReadOnlyList<IssueView> issues = host.GitHub.Issues();
        Assert.True(issues.Count >= 500);
        Assert.All(issues, i => Assert.DoesNotContain(i.Labels, l => ShortLived.Contains(l)));
        Assert.NotEmpty(await RunsAsync(host, r => r is { Phase: "parallel", Route: Logic.Unified }, cancel));
        Assert.NotEmpty(await RunsAsync(host, r => r is { Phase: "parallel", Route: Logic.Legacy }, cancel));
    }

    private static async Task<List<RunRecord>> RunsAsync(ScenarioHost host, Func<RunRecord, bool> wanted, CancellationToken cancel)
    {
        List<RunRecord> runs = [];
        await foreach (RunRecord run in host.Services.GetRequiredService<IRunLedger>().QueryAsync(new LedgerQuery(), cancel))
        {
            if (wanted(run))
            {
                runs.Add(run);
            }
        }

        return runs;
    }
}
