using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.LocalHost.Scenarios;

/// <summary>Gates can be met and the guard notices failures at six issues a day.</summary>
public sealed class LowVolumeScenarioTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Six_Issues_A_Day_Reach_Steady_Within_Seven_Weeks_Without_A_Forced_Advance()
    {
        using TestDirectory directory = new();
        await using ScenarioHost host = await StartAsync(directory);
        LowVolumeScenario scenario = new(host, Write);

        await scenario.RunAsync(Cancel);

        RolloutStatus status = await host.StatusAsync(Cancel);
        IReadOnlyList<AuditEntry> history = await host.HistoryAsync(Cancel);
        Assert.Equal(("steady", null), (status.Phase, status.RolledBack));
        Assert.Equal(
            ["soft-launch", "parallel", "half", "full", "cleanup", "steady"],
            history.Where(e => e.What == "advance").Select(e => e.After));
        Assert.DoesNotContain(history, e => e.Reason.Contains("forced", StringComparison.Ordinal));
        Assert.DoesNotContain(history, e => e.What is "reset-evidence" or "rollback");
        Assert.InRange(scenario.Elapsed, TimeSpan.Zero, LowVolumeScenario.MaxDuration);
        Assert.Equal(6, scenario.Issues / scenario.Elapsed.TotalDays, tolerance: 0.1);
    }

    [Fact]
    public async Task A_Model_That_Answers_Garbage_From_Week_Four_On_Is_Replaced_By_The_Legacy_Analysis_Within_Five_Issues()
    {
        using TestDirectory directory = new();
        await using ScenarioHost host = await StartAsync(directory);
        LowVolumeScenario scenario = new(host, Write, LowVolumeScenario.WeekFour);

        await scenario.RunAsync(Cancel);

        RolloutStatus status = await host.StatusAsync(Cancel);
        Assert.InRange(scenario.FailingIssues ?? int.MaxValue, 2, LowVolumeScenario.MaxFailingIssues);
        Assert.Equal(("full", RollbackKind.Partial), (status.Phase, status.RolledBack?.Kind));
        Assert.Equal([Stage.Analysis], status.RolledBack!.Stages);
        Assert.Equal(
            ("off", "on"),
            (status.Flags.Single(f => f.Flag == FlagNames.Analysis).Setting, status.Flags.Single(f => f.Flag == FlagNames.AnalysisFallback).Setting));
        RunRecord last = await host.Services.GetRequiredService<IRunLedger>()
            .QueryAsync(new LedgerQuery(Kind: RunKind.Run, NewestFirst: true), Cancel)
            .FirstAsync(r => r.Outcome != RunOutcome.Skipped, Cancel);
        Assert.Equal((Stage.Analysis, Logic.Legacy, RunOutcome.Succeeded), (last.Stages[0].Stage, last.Stages[0].Logic, last.Stages[0].Outcome));
        Assert.True(last.Started > status.RolledBack.At);
    }

    private static Task<ScenarioHost> StartAsync(TestDirectory directory) =>
        ScenarioHost.StartAsync(directory.Path, RepositoryRoot.Path, "development", Cancel);

    private static void Write(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
