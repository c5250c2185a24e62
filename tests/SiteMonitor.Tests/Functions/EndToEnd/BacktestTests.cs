using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Functions.Triggers.Comparison;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Tests.Core.Backtest;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>Decisions on past issues, over HTTP.</summary>
public sealed class BacktestTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IssueHistory Clear(int number) => Histories.Create(number, "site-monitor", Histories.Analyst) with
    {
        LabelEvents = [new LabelEvent(Histories.Start, Histories.Analyst, IsAdded: true, "grace", IsByBot: false)],
    };

    [Fact]
    public async Task Both_Sides_Decide_Nothing_Is_Written_And_The_Model_Is_Asked_Once_A_Text()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueHistory vague = Histories.Create(2) with { Title = "Please look", Body = "Something is odd.", Labels = [] };

        BacktestResponse first = await TakeAsync(app, Clear(1), vague);
        BacktestResponse again = await TakeAsync(app, Clear(1), vague);

        Assert.Equal([1, 2], first.Rows.Select(r => r.Number));
        Assert.Equal([Histories.Analyst], first.Rows[0].Unified.Specialists);
        Assert.True(first.Rows[0].Right.Agrees(first.Rows[0].Unified));
        Assert.Empty(first.Rows[1].Unified.Specialists);
        Assert.Equal(HumanDecisionKind.Unknown, first.Rows[1].Right.Kind);
        Assert.Equal((2, 0), (first.Rows.Sum(r => r.ModelCalls), again.Rows.Sum(r => r.ModelCalls)));
        Assert.True(first.Rows.Sum(r => r.Dollars) > 0);
        Assert.Empty(app.GitHub.Writes);
        Assert.Empty(first.Problems);
        Assert.Equal(
            [("o/r#1", RunOutcome.Succeeded, 0), ("o/r#1", RunOutcome.Succeeded, 1), ("o/r#2", RunOutcome.Waiting, 0), ("o/r#2", RunOutcome.Waiting, 1)],
            app.Ledger.Records.Where(r => r.RunId.StartsWith("backtest-own:", StringComparison.Ordinal))
                .Select(r => (r.Issue, r.Outcome, r.Usage.ModelCalls)).Order());
    }

    [Fact]
    public async Task A_Fully_Cached_Backtest_Counts_For_The_Hand_Over_Rate_But_Not_For_The_Cost_Of_An_Issue()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueHistory[] issues = [.. Enumerable.Range(1, 20).Select(n => Clear(n) with
        {
            Title = n % 4 == 0 ? $"Please look, {n}" : $"Ransomware campaign, report {n}", Body = n % 4 == 0 ? "Something is odd." : Clear(n).Body,
        })];
        await TakeAsync(app, issues);
        RunRecord[] first = app.Ledger.Records.ToArray();

        BacktestResponse again = await TakeAsync(app, issues);

        Assert.Equal(0, again.Rows.Sum(r => r.ModelCalls));
        RunRecord[] cached = [.. app.Ledger.Records.Except(first)];
        MemoryLedger onlyCached = new();
        foreach (RunRecord record in cached)
        {
            await onlyCached.AppendAsync(record, Stop);
        }

        EvidenceReader evidence = new(onlyCached, new MemoryComparisons(), PlanParseResult.Default, TimeProvider.System);
        RolloutState next = RolloutState.Start("soft-launch", cached.Max(r => r.Ended).AddSeconds(1));
        Assert.Equal(0.25, await evidence.PreviousHandOverRateAsync(next, Stop));
        Assert.Equal(
            (new RunStatistics(first).Dollars, new RunStatistics(first).AnalyzedIssues),
            (new RunStatistics([.. first, .. cached]).Dollars, new RunStatistics(cached).AnalyzedIssues + 20));
    }

    [Fact]
    public async Task The_Built_In_Set_From_The_Cache_Leaves_No_Record()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        await TakeAsync(app, ExportFile.EvaluationSetRepository, Clear(1));
        await TakeAsync(app, ExportFile.EvaluationSetRepository, Clear(1));

        Assert.StartsWith("backtest-set:", Assert.Single(app.Ledger.Records).RunId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_Is_Out_Of_Time_Is_Left_To_The_Next_Request()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: s => s.AddSingleton(new SampleTimeLimits(TimeSpan.Zero, TimeSpan.FromSeconds(30))));

        BacktestResponse response = await TakeAsync(app, Clear(1), Clear(2));

        Assert.Empty(response.Rows);
        Assert.Empty(response.Problems);
    }

    [Fact]
    public async Task A_Failure_Of_The_Model_Is_A_Problem_Of_That_Issue()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.BadCredentials, Times = 1 });

        BacktestResponse response = await TakeAsync(app, Clear(1));

        Assert.Equal([1], response.Problems.Select(p => p.Number));
        Assert.Empty(response.Rows);
    }

    [Fact]
    public async Task A_Backtest_That_Is_Killed_And_Started_Again_Asks_The_Model_Nothing_Twice()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        IssueHistory[][] batches = [.. Enumerable.Range(1, 60).Select(n => Clear(n) with { Title = $"Ransomware campaign, report {n}" }).Chunk(20)];
        await TakeAsync(app, batches[0]);
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        app.GitHub.Before("model", _ => killed.CancelAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            using var body = JsonContent.Create(new BacktestRequest { Repository = "o/r", Issues = batches[1] }, options: RolloutJson.Options);
            using HttpResponseMessage answer = await app.Http.PostAsync("api/backtest", body, killed.Token);
        });

        foreach (IssueHistory[] batch in batches)
        {
            Assert.Equal(20, (await TakeAsync(app, batch)).Rows.Count);
        }

        Assert.Equal(60, app.GitHub.Stats.ModelRequests);
        Assert.Empty(app.GitHub.Writes);
    }

    [Theory]
    [InlineData("""{"repository":"o","issues":[]}""", "repository")]
    [InlineData("""{"repository":"o/r","issues":[]}""", "issues")]
    [InlineData("""{"repository":"o/r","issues":[{"number":0,"title":"a","body":"b","createdAt":"2026-01-01T00:00:00Z"}]}""", "number")]
    [InlineData("""{"repository":"o/r","issues":[{"number":1}]}""", "JSON")]
    [InlineData("""{"repository":"o/r","issues":null}""", "JSON")]
    [InlineData("""{"repository":"o/r","issues":[null]}""", "number")]
    [InlineData("""{"repository":"o/r","issues":[{"number":1,"title":null,"body":"b","createdAt":"2026-01-01T00:00:00Z"}]}""", "JSON")]
    public async Task A_Request_That_Is_Not_One_Is_Refused_With_The_Reason(string json, string expected)
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        using StringContent body = new(json, System.Text.Encoding.UTF8, "application/json");

        using HttpResponseMessage answer = await app.Http.PostAsync("api/backtest", body, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
    }

    private static Task<BacktestResponse> TakeAsync(PipelineApp app, params IssueHistory[] issues) => TakeAsync(app, "o/r", issues);

    private static async Task<BacktestResponse> TakeAsync(PipelineApp app, string repository, params IssueHistory[] issues)
    {
        using var body = JsonContent.Create(new BacktestRequest { Repository = repository, Issues = issues }, options: RolloutJson.Options);
        using HttpResponseMessage answer = await app.Http.PostAsync("api/backtest", body, Stop);
        string text = await answer.Content.ReadAsStringAsync(Stop);
        Assert.True(answer.IsSuccessStatusCode, text);
        return RolloutJson.Read<BacktestResponse>(text);
    }
}
