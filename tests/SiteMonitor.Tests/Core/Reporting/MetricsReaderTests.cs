using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Reporting;

public sealed class MetricsReaderTests
{
    private readonly MemoryLedger _ledger = new();

    [Fact]
    public async Task Figures_Come_From_The_Runs_The_New_Logic_Had_A_Part_In()
    {
        _ledger.Records.AddRange(Enumerable.Range(1, 99).Select(i => Records.Run(i, ms: 3000)));
        _ledger.Records.Add(Records.Run(100, RunOutcome.Failed));
        _ledger.Records.Add(Records.Legacy(101));

        MetricsSummary summary = await ReadAsync();

        Assert.Equal(("met", 0.99), (Of(summary, "success-rate").Status, Of(summary, "success-rate").Value));
        Assert.Equal(("missed", 0.01), (Of(summary, "error-rate").Status, Of(summary, "error-rate").Value!.Value));
        Assert.Equal(3, Of(summary, "mean-duration").Value);
        Assert.Equal(0.01, Of(summary, "cost-per-issue").Value!.Value, 6);
        Assert.Equal(6, Of(summary, "github-calls-per-issue").Value);
        Assert.Equal(4, Of(summary, "github-writes-per-issue").Value);
        Assert.Equal(100.0 / 101, Of(summary, "migration").Value!.Value, 6);
        Assert.Equal((1, 100), (summary.Routes["legacy"], summary.Routes["unified"]));
        Assert.Equal((1, 100), (summary.Outcomes["failed"], summary.Outcomes["succeeded"]));
        Assert.Equal(101, summary.Usage.Issues);
    }

    [Fact]
    public async Task Runs_That_Failed_Before_The_Routing_Decision_Count_In_The_Rates_And_Are_Shown()
    {
        _ledger.Records.AddRange(Enumerable.Range(1, 98).Select(i => Records.Run(i)));
        _ledger.Records.AddRange(Enumerable.Range(200, 2).Select(i => Records.Run(i, RunOutcome.Failed) with { Route = null, Phase = string.Empty, Stages = [], ReasonCode = "github-unauthorized" }));

        MetricsSummary summary = await ReadAsync();

        Assert.Equal((0.98, 0.02), (Of(summary, "success-rate").Value!.Value, Of(summary, "error-rate").Value!.Value));
        Assert.Equal("2, of 100 runs of either logic", Of(summary, "failed-before-routing").Text);
        Assert.Equal(new FailureFigures("github-unauthorized", 2, 2, "o/r#201"), Assert.Single(summary.Failures));
        Assert.EndsWith(", 98 runs", Of(summary, "mean-duration").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hand_Overs_Are_Shown_Beside_The_Successes_With_Their_Reasons()
    {
        _ledger.Records.AddRange(Enumerable.Range(1, 6).Select(i => Records.Run(i)));
        _ledger.Records.AddRange(Enumerable.Range(7, 3).Select(i => Records.Run(i, RunOutcome.Waiting) with { ReasonCode = "score-low" }));
        _ledger.Records.Add(Records.Run(10, RunOutcome.Waiting) with { ReasonCode = "model-malformed" });

        MetricsSummary summary = await ReadAsync();

        Assert.Equal((0.9, 0.4), (Of(summary, "success-rate").Value!.Value, Of(summary, "hand-over-rate").Value!.Value));
        Assert.EndsWith("4 of 10: 3 unsure, 1 unanswered", Of(summary, "hand-over-rate").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparisons_Count_In_The_Cost_And_A_Second_Delivery_In_The_Calls()
    {
        _ledger.Records.AddRange(
        [
            Records.Run(1),
            Records.Run(1, RunOutcome.Skipped) with { Stages = [], Route = null, Usage = new Usage { GitHubReads = 1 } },
            Records.Run(2) with { Kind = RunKind.Comparison, Usage = new Usage { Dollars = 0.03m } },
        ]);

        MetricsSummary summary = await ReadAsync();

        Assert.Equal(0.04, Of(summary, "cost-per-issue").Value!.Value, 6);
        Assert.Equal(7, Of(summary, "github-calls-per-issue").Value);
    }

    [Fact]
    public async Task Calls_Are_Judged_By_The_Issue_That_Needed_Most()
    {
        _ledger.Records.AddRange(Enumerable.Range(1, 9).Select(i => Records.Run(i) with { Usage = new Usage { GitHubReads = 1, GitHubWrites = 2 } }));
        _ledger.Records.Add(Records.Run(10) with { Usage = new Usage { GitHubReads = 6, GitHubWrites = 2 } });

        MetricsSummary summary = await ReadAsync();

        Assert.Equal((3.5, "missed"), (Of(summary, "github-calls-per-issue").Value, Of(summary, "github-calls-per-issue").Status));
        Assert.Equal("met", Of(summary, "github-writes-per-issue").Status);
    }

    [Fact]
    public async Task Migration_Is_Measured_Over_The_Last_Day_There_Were_Runs()
    {
        _ledger.Records.AddRange(Enumerable.Range(1, 40).Select(i => Records.Legacy(i, hoursAgo: 100)));
        _ledger.Records.AddRange(Enumerable.Range(50, 10).Select(i => Records.Run(i, hoursAgo: 40)));

        Assert.Equal(("met", 1.0), (Of(await ReadAsync(), "migration").Status, Of(await ReadAsync(), "migration").Value!.Value));
    }

    [Fact]
    public async Task Without_Data_No_Target_Is_Met_And_None_Missed()
    {
        MetricsSummary summary = await ReadAsync();

        Assert.All(summary.Figures.Where(f => f.Id != "old-command-calls"), f => Assert.Equal((MetricFigure.NoData, "no data"), (f.Status, f.Text)));
        Assert.Equal(0, Of(summary, "old-command-calls").Value);
    }

    [Fact]
    public async Task The_Series_Covers_The_Span_Without_Gaps()
    {
        _ledger.Records.Add(Records.Run(1, hoursAgo: 40));
        _ledger.Records.Add(Records.Run(2, RunOutcome.Critical, hoursAgo: 0.1));

        MetricsSummary summary = await ReadAsync(TimeSpan.FromHours(48));

        Assert.Equal(48, summary.Series.Count);
        Assert.All(summary.Series.Zip(summary.Series.Skip(1)), pair => Assert.Equal(TimeSpan.FromHours(1), pair.Second.From - pair.First.From));
        Assert.Equal((2, 1), (summary.Series.Sum(p => p.Runs), summary.Series[^1].Errors));
        Assert.Equal(4.0, summary.Series[8].P50);
    }

    [Fact]
    public async Task Uptime_Is_The_Share_Of_Quarters_With_A_Sign_Of_Life()
    {
        _ledger.Records.AddRange(Enumerable.Range(0, 96).Where(i => i is not (40 or 41)).Select(i => Heartbeats.Create(Records.Now.AddDays(-1).AddMinutes(15 * i), "full")));

        MetricsSummary summary = await ReadAsync();

        Assert.Equal(94.0 / 96, Of(summary, "uptime").Value!.Value, 6);
        Assert.Equal("missed", Of(summary, "uptime").Status);
    }

    [Fact]
    public async Task Old_Commands_Are_Listed_With_Their_Last_Call()
    {
        _ledger.Records.AddRange([Records.Command("process-issues", "deprecated", 5), Records.Command("process-issues", "redirected", 2), Records.Command("assign-workflows", "removed", 3)]);

        MetricsSummary summary = await ReadAsync();

        Assert.Equal([new CommandFigures("assign-workflows", 1, Records.Now.AddHours(-3)), new CommandFigures("process-issues", 2, Records.Now.AddHours(-2))], summary.Commands);
    }

    [Fact]
    public async Task Stages_Show_The_Whole_Run_And_Each_Stage_By_Logic()
    {
        _ledger.Records.AddRange([Records.Run(1, ms: 2000), Records.Run(2, ms: 4000), Records.Legacy(3)]);

        MetricsSummary summary = await ReadAsync();

        Assert.Equal(
            [("run", "unified", 2), ("run", "legacy", 1), ("analysis", "unified", 2), ("analysis", "legacy", 1), ("preparation", "unified", 2)],
            summary.Stages.Select(s => (s.Stage, s.Logic, s.Count)));
        Assert.Equal((2.0, 4.0), (summary.Stages[0].P50, summary.Stages[0].P95));
    }

    [Fact]
    public async Task OpenMetrics_Text_Is_What_A_Scraper_Accepts()
    {
        _ledger.Records.AddRange([Records.Run(1), Records.Run(2, RunOutcome.Failed), Records.Command("process-issues", "deprecated")]);

        string text = OpenMetricsText.Write(await ReadAsync(), [.. _ledger.Records], RolloutState.Start("full", Records.Now), new GuardPlan(), []);

        OpenMetricsCheck.Run(text);
        Assert.Contains("sitemonitor_success_rate_ratio 0.5\n", text, StringComparison.Ordinal);
        Assert.Contains("sitemonitor_runs_total{kind=\"run\",outcome=\"failed\",route=\"unified\",phase=\"full\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("sitemonitor_commands_total{command=\"process-issues\",mode=\"command-deprecated\"} 1\n", text, StringComparison.Ordinal);
    }

    private static MetricFigure Of(MetricsSummary summary, string id) => summary.Figures.Single(f => f.Id == id);

    private Task<MetricsSummary> ReadAsync(TimeSpan? span = null) =>
        new MetricsReader(_ledger, new MemoryComparisons(), new Phase(), new FakeTimeProvider(Records.Now)).ReadAsync(span ?? TimeSpan.FromDays(7), TestContext.Current.CancellationToken);

    private sealed class Phase : ICurrentPhase
    {
        public ValueTask<string> GetNameAsync(CancellationToken cancellationToken) => ValueTask.FromResult("full");
    }
}
