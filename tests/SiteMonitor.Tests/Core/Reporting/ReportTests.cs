using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Reporting;

public sealed class ReportTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("soft-launch");

    [Fact]
    public async Task The_Tables_Of_The_Plan_Are_Filled_In()
    {
        Runs(20);
        await _rollout.Control.ConfirmAsync(new OperatorRequest { Operator = "kim", Criterion = "team-confidence", Reason = "all good" }, RolloutFixture.Cancel);

        RolloutReport report = await ReadAsync();

        Assert.Equal(["Success rate", "Mean processing time", "Cost an issue", "Error rate", "Code coverage"], report.Technical.Select(r => r.Metric));
        Assert.Equal(["> 95 %", "< 30 s", "< $0.05", "< 1 %", "> 85 %"], report.Technical.Select(r => r.Target));
        Assert.Equal(["met", "met", "met", "met", "no-data"], report.Technical.Select(r => r.Status));
        Assert.Equal(["Manual interventions a day", "User satisfaction", "Migration progress", "Uptime"], report.Business.Select(r => r.Metric));
        Assert.Equal(["On-time delivery", "On budget", "Zero data loss", "Zero security incidents", "Team satisfaction"], report.Project.Select(r => r.Metric));
    }

    [Fact]
    public async Task Lessons_Are_Drafted_From_What_Happened()
    {
        Runs(10);
        _rollout.Ledger.Records.AddRange(Enumerable.Range(50, 3).Select(i => At(Records.Run(i, RunOutcome.Failed) with { ReasonCode = "model-timeout" })));
        await _rollout.Control.RollBackAsync(new OperatorRequest { Operator = "kim", Reason = "too many time-outs" }, RolloutFixture.Cancel);

        RolloutReport report = await ReadAsync();

        Assert.Contains(report.CouldBeImproved, l => l.Contains("by kim: too many time-outs", StringComparison.Ordinal));
        Assert.Contains(report.CouldBeImproved, l => l.StartsWith("3 run(s) failed with 'model-timeout'", StringComparison.Ordinal));
        Assert.Contains(report.ActionItems, l => l.StartsWith("Resolve INC-1", StringComparison.Ordinal));
        Assert.Contains(report.ActionItems, l => l.EndsWith("rollout confirm go", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Only_People_Can_Judge_Is_Fed_From_Confirmations_Of_The_Plan()
    {
        using RolloutFixture cleanup = new("cleanup");
        await cleanup.ConfirmAllAsync();

        RolloutReport report = await ReadAsync(cleanup);

        Assert.All(report.Project.Where(r => r.Metric is "On budget" or "Team satisfaction"), r => Assert.Equal(("met", "confirmed by ada: checked"), (r.Status, r.Actual)));
        Assert.Equal("met", report.Business.Single(r => r.Metric == "User satisfaction").Status);
    }

    [Theory]
    [InlineData("41 % of 30 people", "missed")]
    [InlineData("80,5% of 30 people", "met")]
    [InlineData("80 %", "missed")]
    public async Task A_Percentage_In_A_Confirmations_Note_Is_Judged_By_The_Target(string note, string status)
    {
        using RolloutFixture cleanup = new("cleanup");
        await cleanup.Control.ConfirmAsync(new OperatorRequest { Operator = "kim", Criterion = "satisfaction", Reason = note }, RolloutFixture.Cancel);

        Assert.Equal(status, (await ReadAsync(cleanup)).Business.Single(r => r.Metric == "User satisfaction").Status);
    }

    [Fact]
    public async Task The_Mean_Is_Compared_With_That_Of_The_Full_Cutover()
    {
        using RolloutFixture full = new("full");
        await full.StateAsync();
        full.Run(seconds: 10);
        Assert.Equal("measured once phase full is over", (await SpeedUpAsync(full)).Actual);
        full.Time.Advance(TimeSpan.FromDays(6));
        await full.Control.AdvanceAsync(new OperatorRequest { Operator = "kim", Reason = "go", Force = true }, RolloutFixture.Cancel);
        full.Run(seconds: 7);

        ReportRow row = await SpeedUpAsync(full);

        Assert.Equal(("met", "0.70 ×, 7.0 s over 1 runs in cleanup, 10.0 s over 1 in full"), (row.Status, row.Actual));
    }

    [Fact]
    public async Task Lost_Text_Misses_The_Projects_Target()
    {
        Runs(3);
        _rollout.Ledger.Records.Add(At(Records.Run(9, RunOutcome.Critical) with { ReasonCode = "text-lost" }));

        Assert.Equal("missed", (await ReadAsync()).Project.Single(r => r.Metric == "Zero data loss").Status);
    }

    [Fact]
    public async Task Markdown_Has_Every_Table_And_No_Cell_That_Breaks_It()
    {
        Runs(2);
        await _rollout.Control.ConfirmAsync(new OperatorRequest { Operator = "kim | lee", Criterion = "team-confidence", Reason = "<b>fine</b>\nreally" }, RolloutFixture.Cancel);
        await _rollout.Control.RollBackAsync(new OperatorRequest { Operator = "kim | lee", Reason = "<script>x</script>\n| no" }, RolloutFixture.Cancel);
        RolloutReport report = await ReadAsync();

        string markdown = ReportMarkdown.Write(report);
        string html = ReportHtml.Write(report);

        string[] rows = [.. markdown.Split('\n').Where(l => l.StartsWith('|'))];
        Assert.All(rows, row => Assert.Equal(5, row.Replace("\\|", string.Empty, StringComparison.Ordinal).Count(c => c == '|')));
        Assert.DoesNotContain("<script>", markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
        Assert.Contains("## Lessons learned", markdown, StringComparison.Ordinal);
        Assert.Equal(4, html.Split("<table>").Length - 1);
    }

    public void Dispose() => _rollout.Dispose();

    private void Runs(int count) => _rollout.Ledger.Records.AddRange(Enumerable.Range(1, count).Select(i => At(Records.Run(i))));

    private RunRecord At(RunRecord record) => record with { Phase = "soft-launch", Started = _rollout.Time.GetUtcNow().AddMinutes(-5), Ended = _rollout.Time.GetUtcNow().AddMinutes(-4) };

    private static async Task<ReportRow> SpeedUpAsync(RolloutFixture rollout) =>
        (await ReadAsync(rollout)).Further.Single(r => r.Metric == "Mean processing time against the full cutover");

    private Task<RolloutReport> ReadAsync() => ReadAsync(_rollout);

    private static Task<RolloutReport> ReadAsync(RolloutFixture rollout)
    {
        MetricsReader metrics = new(rollout.Ledger, rollout.Comparisons, rollout.States, rollout.Time);
        return new ReportReader(metrics, rollout.States, rollout.Ledger, rollout.Time).ReadAsync(TimeSpan.FromDays(30), RolloutFixture.Cancel);
    }
}
