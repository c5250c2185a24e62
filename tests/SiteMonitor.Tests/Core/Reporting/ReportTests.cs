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
        await _rollout.Control.RunAsync("confirm", new OperatorRequest { Operator = "kim", Criterion = "team-confidence", Reason = "all good" }, RolloutFixture.Cancel);

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
        await _rollout.Control.RunAsync("rollback", new OperatorRequest { Operator = "kim", Reason = "too many time-outs" }, RolloutFixture.Cancel);

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
        await cleanup.Control.RunAsync("confirm", new OperatorRequest { Operator = "kim", Criterion = "satisfaction", Reason = note }, RolloutFixture.Cancel);

        Assert.Equal(status, (await ReadAsync(cleanup)).Business.Single(r => r.Metric == "User satisfaction").Status);
    }

    [Fact]
    public async Task Notes_Of_People_Are_In_Every_Later_Report()
    {
        await NoteAsync("well", "The rollback took four seconds");
        await NoteAsync("improve", "Ask for <b>quotas</b> | earlier");
        await NoteAsync("action", "Tell the *vendor*");

        foreach (RolloutReport report in (RolloutReport[])[await ReadAsync(), await ReadAsync()])
        {
            Assert.Equal($"The rollback took four seconds (N-1, kim, {_rollout.Time.GetUtcNow():yyyy-MM-dd})", report.WentWell[0]);
            Assert.StartsWith("Ask for", report.CouldBeImproved[0], StringComparison.Ordinal);
            Assert.StartsWith("Tell the", report.ActionItems[0], StringComparison.Ordinal);
            Assert.Equal(["N-1", "N-2", "N-3"], report.Notes.Select(n => n.Id));
            Assert.DoesNotContain("<b>", ReportMarkdown.Write(report) + ReportHtml.Write(report), StringComparison.Ordinal);
        }

        Assert.Equal(3, (await _rollout.States.ReadAuditAsync(10, RolloutFixture.Cancel)).Count(e => e is { What: "report-note", Who: "kim" }));
    }

    [Theory]
    [InlineData("41 %", "missed")]
    [InlineData("85 %", "missed")]
    [InlineData("branches and all: 87.5 %", "met")]
    [InlineData("good", "shown")]
    public async Task An_Actual_Value_Is_Judged_By_Its_Figure(string text, string status)
    {
        await NoteAsync("coverage", text);

        ReportRow row = (await ReadAsync()).Technical.Single(r => r.Metric == "Code coverage");
        Assert.Equal((status, $"{text} (N-1, kim)"), (row.Status, row.Actual));
    }

    [Fact]
    public async Task A_Budget_Is_Met_Up_To_All_Of_It()
    {
        await NoteAsync("on-budget", "100 %");
        Assert.Equal("met", (await ReadAsync()).Project.Single(r => r.Metric == "On budget").Status);

        await NoteAsync("on-budget", "104 %");
        Assert.Equal("missed", (await ReadAsync()).Project.Single(r => r.Metric == "On budget").Status);
    }

    [Fact]
    public async Task The_Newer_Of_Note_And_Confirmation_Counts()
    {
        using RolloutFixture cleanup = new("cleanup");
        await new ReportNotes(cleanup.States).ApplyAsync(new ReportNoteRequest { Operator = "kim", About = "satisfaction", Text = "90 %" }, RolloutFixture.Cancel);
        cleanup.Time.Advance(TimeSpan.FromDays(1));
        await cleanup.Control.RunAsync("confirm", new OperatorRequest { Operator = "lee", Criterion = "satisfaction", Reason = "60 % in the second survey" }, RolloutFixture.Cancel);

        Assert.Equal(("missed", "confirmed by lee: 60 % in the second survey"), await SatisfactionAsync(cleanup));
        cleanup.Time.Advance(TimeSpan.FromDays(1));
        await new ReportNotes(cleanup.States).ApplyAsync(new ReportNoteRequest { Operator = "kim", About = "satisfaction", Text = "82 %" }, RolloutFixture.Cancel);
        Assert.Equal(("met", "82 % (N-2, kim)"), await SatisfactionAsync(cleanup));
    }

    [Fact]
    public async Task A_Note_Is_Removed_By_Its_Id_And_Its_Number_Is_Not_Used_Again()
    {
        await NoteAsync("well", "first");
        ReportNotes notes = new(_rollout.States);

        OperationResult planned = await notes.ApplyAsync(new ReportNoteRequest { Operator = "kim", Remove = "n-1", DryRun = true }, RolloutFixture.Cancel);
        OperationResult removed = await notes.ApplyAsync(new ReportNoteRequest { Operator = "kim", Remove = "n-1" }, RolloutFixture.Cancel);
        OperationResult unknown = await notes.ApplyAsync(new ReportNoteRequest { Operator = "kim", Remove = "N-1" }, RolloutFixture.Cancel);

        Assert.Equal(("planned", "done", "not-found"), (planned.Code, removed.Code, unknown.Code));
        await NoteAsync("well", "second");
        Assert.Equal("N-2", Assert.Single((await ReadAsync()).Notes).Id);
    }

    [Theory]
    [InlineData("success-rate", "99 %", "other figures are measured")]
    [InlineData("well", " ", "report note well")]
    [InlineData("well", "two\nlines", "report note well")]
    public async Task A_Note_That_Cannot_Stand_In_The_Report_Is_Refused(string about, string text, string next)
    {
        OperationResult result = await new ReportNotes(_rollout.States)
            .ApplyAsync(new ReportNoteRequest { Operator = "kim", About = about, Text = text }, RolloutFixture.Cancel);

        Assert.Equal("invalid", result.Code);
        Assert.Contains(next, result.Next, StringComparison.Ordinal);
        Assert.Empty((await ReadAsync()).Notes);
    }

    [Fact]
    public async Task The_Page_Draws_Runs_And_Durations_And_Says_In_Words_What_They_Show()
    {
        Runs(6);
        _rollout.Ledger.Records.Add(At(Records.Run(9, RunOutcome.Failed)));

        string html = ReportHtml.Write(await ReadAsync());

        Assert.Equal(2, html.Split("<svg ").Length - 1);
        Assert.Contains("7 runs, 1 failed or critical", html, StringComparison.Ordinal);
        Assert.Contains("class=\"errors\"", html, StringComparison.Ordinal);
        Assert.Contains("polyline class=\"p95\" points=\"", html, StringComparison.Ordinal);
        Assert.Contains("@media print", html, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg ", ReportHtml.Write(await ReadAsync(new RolloutFixture("full"))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_Mean_Is_Compared_With_That_Of_The_Full_Cutover()
    {
        using RolloutFixture full = new("full");
        await full.StateAsync();
        full.Run(seconds: 10);
        Assert.Equal("measured once phase full is over", (await SpeedUpAsync(full)).Actual);
        full.Time.Advance(TimeSpan.FromDays(6));
        await full.Control.RunAsync("advance", new OperatorRequest { Operator = "kim", Reason = "go", Force = true }, RolloutFixture.Cancel);
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
        await _rollout.Control.RunAsync("confirm", new OperatorRequest { Operator = "kim | lee", Criterion = "team-confidence", Reason = "<b>fine</b>\nreally" }, RolloutFixture.Cancel);
        await _rollout.Control.RunAsync("rollback", new OperatorRequest { Operator = "kim | lee", Reason = "<script>x</script>\n| no" }, RolloutFixture.Cancel);
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

    private async Task NoteAsync(string about, string text)
    {
        ReportNoteRequest request = new() { Operator = "kim", About = about, Text = text };
        Assert.Equal("done", (await new ReportNotes(_rollout.States).ApplyAsync(request, RolloutFixture.Cancel)).Code);
    }

    private static async Task<(string Status, string Actual)> SatisfactionAsync(RolloutFixture rollout)
    {
        ReportRow row = (await ReadAsync(rollout)).Business.Single(r => r.Metric == "User satisfaction");
        return (row.Status, row.Actual);
    }

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
