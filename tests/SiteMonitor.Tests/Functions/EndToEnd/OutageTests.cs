using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A service is down for longer than retries last: runs wait for it, it gets hardly any requests, and no issue is lost.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Issues that arrive every five minutes; few enough that none is delayed by GitHub's limits.</summary>
    private const int SmallBatch = 4;

    private readonly OutageClock _clock = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Issues arrive all the time. In the long mode there are enough of them for the share to mean something.</summary>
    [Fact]
    public async Task A_Model_That_Is_Dead_For_An_Hour_Gets_Hardly_Any_Requests()
    {
        int batch = LongTests.IsEnabled ? 38 : SmallBatch;
        (long withoutSmall, _) = await MeasureDeadHourAsync(SmallBatch, ("CircuitBreakers:MinimumRequests", "1000000"));
        (long with, IReadOnlyList<RunRecord> records) = await MeasureDeadHourAsync(batch);

        // Without a circuit breaker the requests grow with the issues. A large batch would only wait for GitHub, on the real clock.
        long without = withoutSmall * batch / SmallBatch;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{batch * 12} issues: {without} requests without a circuit breaker, {with} with one ({(double)with / without:P2})."));
        Assert.Equal(7 * SmallBatch * 12, withoutSmall);
        Assert.InRange(with, 5, 31);
        Assert.True(!LongTests.IsEnabled || with * 100 <= without, $"{with} of {without} requests");
        Assert.Equal(batch * 12, records.Select(r => r.Issue).Distinct().Count());
        Assert.All(records.Where(r => r.Outcome != RunOutcome.Succeeded), AssertHandedOver);
        Assert.Contains(records, r => r.Outcome == RunOutcome.Waiting);
    }

    [Fact]
    public async Task An_Issue_Whose_Wait_For_The_Model_Is_Over_Is_Handed_To_A_Person()
    {
        await using PipelineApp app = await StartAsync();
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 0 });
        IssueRef issue = app.OpenClear();

        await PostRunAsync(app, issue);
        TimeSpan waited = await _clock.FinishAsync(app);

        RunRecord record = Assert.Single(app.RecordsOf(issue));
        AssertHandedOver(record);
        Assert.InRange(waited, TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(16));
        Assert.True(record.DurationMs < 120_000, $"The wait counts in the duration: {record.DurationMs} ms");
        IssueView view = app.View(issue);
        Assert.Equal(["needs-review", "site-monitor"], view.Labels.Order());
        Assert.Contains("Azure OpenAI is down", Assert.Single(view.Comments).Body, StringComparison.Ordinal);
        Assert.InRange(app.GitHub.Stats.GraphMutations + app.GitHub.Stats.RestWrites, 1, 6);
    }

    [Fact]
    public async Task Runs_Continue_When_The_Model_Is_Back_Within_Their_Wait()
    {
        await using PipelineApp app = await StartAsync();
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.Reset, Times = 0 });
        IssueRef[] issues = [.. Enumerable.Range(0, 8).Select(_ => OpenUnique(app))];
        foreach (IssueRef issue in issues)
        {
            await PostRunAsync(app, issue);
        }

        await _clock.PassAsync(app, TimeSpan.FromMinutes(6));
        HealthEntry services = await ReadServicesAsync(app);
        string metrics = await ReadMetricsAsync(app);
        app.GitHub.ClearFaults();
        await _clock.FinishAsync(app);

        Assert.Equal(HealthReport.Degraded, services.Status);
        Assert.StartsWith("model is down since ", services.Detail, StringComparison.Ordinal);
        Assert.Contains("sitemonitor_service_down{service=\"model\"} 1", metrics, StringComparison.Ordinal);
        Assert.Equal(HealthReport.Ok, (await ReadServicesAsync(app)).Status);
        Assert.All(issues, issue => AssertDoneOnce(app, issue));
    }

    [Fact]
    public async Task One_Probe_Ends_The_Models_Outage()
    {
        await using PipelineApp app = await StartAsync();
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 0 });
        await PostRunAsync(app, OpenUnique(app));
        await _clock.FinishAsync(app);
        app.GitHub.ClearFaults();
        long before = app.GitHub.Stats.ModelRequests;
        IssueRef issue = OpenUnique(app);

        await PostRunAsync(app, issue);
        TimeSpan waited = await _clock.FinishAsync(app);

        AssertDoneOnce(app, issue);
        Assert.Equal(2, app.GitHub.Stats.ModelRequests - before);
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromMinutes(6));
    }

    [Fact]
    public async Task A_Text_That_Was_Analyzed_Before_Does_Not_Wait_For_The_Model()
    {
        await using PipelineApp app = await StartAsync();
        IssueRef first = OpenSame(app);
        await PostRunAsync(app, first);
        await _clock.FinishAsync(app);
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 0 });
        IssueRef other = OpenUnique(app);
        await PostRunAsync(app, other);
        await _clock.FinishAsync(app);

        IssueRef second = OpenSame(app);
        await PostRunAsync(app, second);
        TimeSpan waited = await _clock.FinishAsync(app);

        AssertHandedOver(app.RecordsOf(other)[^1]);
        AssertDoneOnce(app, second);
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        static IssueRef OpenSame(PipelineApp app) => app.Open(
            "New ransomware campaign against grid operators",
            "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.",
            "site-monitor");
    }

    /// <summary>One text makes the model fail, again and again: others are analyzed, and nobody is told that the model is down.</summary>
    [Theory]
    [InlineData(FaultEffect.ServerError)]
    [InlineData(FaultEffect.Reset)]
    public async Task A_Text_That_Makes_The_Model_Fail_Stops_No_Other_Issue(FaultEffect effect)
    {
        await using PipelineApp app = await StartAsync();
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = effect, Contains = "poisonous-word", Times = 0 });
        IssueRef[] poisoned = [.. Enumerable.Range(0, 3).Select(i => app.Open("New ransomware campaign", $"poisonous-word {i}", "site-monitor"))];
        IssueRef[] clear = [.. Enumerable.Range(0, 5).Select(_ => OpenUnique(app))];
        foreach (IssueRef issue in (IssueRef[])[.. poisoned, .. clear])
        {
            await PostRunAsync(app, issue);
        }

        await _clock.FinishAsync(app);

        Assert.All(clear, issue => AssertDoneOnce(app, issue));
        Assert.All(poisoned, issue =>
            Assert.Equal((RunOutcome.Waiting, WaitCodes.ModelUnanswerable), (app.RecordsOf(issue)[^1].Outcome, app.RecordsOf(issue)[^1].ReasonCode)));
    }

    /// <summary>With the client's default retries, whose pauses take the machine's time, and nothing else going on.</summary>
    [Fact]
    public async Task A_Text_That_Makes_The_Model_Fail_Alone_Is_Left_To_A_Person_After_Its_Attempts()
    {
        await using PipelineApp app = await PipelineApp.StartAsync(services: _clock.AddTo);
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Contains = "poisonous-word", Times = 0 });
        IssueRef poisoned = app.Open("New ransomware campaign", "poisonous-word", "site-monitor");

        await PostRunAsync(app, poisoned);
        TimeSpan waited = await _clock.FinishAsync(app);
        IssueRef clear = OpenUnique(app);
        await PostRunAsync(app, clear);
        TimeSpan delay = await _clock.FinishAsync(app);

        RunRecord record = Assert.Single(app.RecordsOf(poisoned));
        Assert.Equal((RunOutcome.Waiting, WaitCodes.ModelUnanswerable), (record.Outcome, record.ReasonCode));
        Assert.False(RunStatistics.IsUnanswered(record), "The guard must not see it.");
        Assert.InRange(waited, TimeSpan.Zero, TimeSpan.FromMinutes(2));
        AssertDoneOnce(app, clear);
        Assert.InRange(delay, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    /// <summary>GitHub answers 502 to every query for these issues.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    public async Task Issues_That_GitHub_Cannot_Serve_Fail_After_Their_Attempts_And_Do_Not_Stop_Others(int count)
    {
        await using PipelineApp app = await StartAsync();
        IssueRef[] broken = [.. Enumerable.Range(0, count).Select(_ => OpenUnique(app))];
        IssueRef[] clear = [.. Enumerable.Range(0, 3).Select(_ => OpenUnique(app))];
        foreach (IssueRef issue in broken)
        {
            app.GitHub.Inject(new FaultRule { Match = $"graphql #{issue.Number}", Effect = FaultEffect.BadGateway, Times = 0 });
        }

        foreach (IssueRef issue in (IssueRef[])[.. broken, .. clear])
        {
            await PostRunAsync(app, issue);
        }

        TimeSpan waited = await _clock.FinishAsync(app);

        Assert.InRange(waited, TimeSpan.FromSeconds(20), TimeSpan.FromMinutes(5));
        Assert.All(broken, issue =>
        {
            RunRecord record = Assert.Single(app.RecordsOf(issue));
            Assert.Equal((RunOutcome.Failed, "github-server-error"), (record.Outcome, record.ReasonCode));
        });
        Assert.All(clear, issue => AssertDoneOnce(app, issue));
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} issues: {app.GitHub.Stats.FaultsInjected} requests, {waited}.");
        Assert.InRange(app.GitHub.Stats.FaultsInjected, 5 * count, 15 * count);
    }

    [Theory]
    [InlineData(FaultEffect.BadGateway)]
    [InlineData(FaultEffect.Reset)]
    public async Task GitHub_Dead_For_An_Hour_Loses_Nothing_And_Has_Nothing_Written_Twice(FaultEffect effect)
    {
        await using PipelineApp app = await StartAsync();
        IssueRef[] issues = [.. Enumerable.Range(0, 12).Select(_ => OpenUnique(app))];

        // It dies in the middle of the runs' work; the last writes are made, but their answers are lost.
        app.GitHub.Inject(new FaultRule { Match = "mutation", Effect = FaultEffect.Reset, AfterWork = true, Skip = 12, Times = 3 });
        app.GitHub.Inject(new FaultRule { Match = "github", Effect = effect, Skip = 30, Times = 0 });
        foreach (IssueRef issue in issues)
        {
            await PostRunAsync(app, issue);
        }

        await _clock.PassAsync(app, Hour);
        long faults = app.GitHub.Stats.FaultsInjected;
        app.GitHub.ClearFaults();
        TimeSpan recovery = await _clock.FinishAsync(app);

        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{faults} requests in the hour, done {recovery.TotalMinutes:0.#} min after it."));
        Assert.InRange(faults, 4, 80);
        Assert.InRange(recovery, TimeSpan.Zero, TimeSpan.FromMinutes(7));
        Assert.All(issues, issue => AssertDoneOnce(app, issue));
    }

    private async Task<(long Requests, IReadOnlyList<RunRecord> Records)> MeasureDeadHourAsync(int batch, params (string, string)[] settings)
    {
        await using PipelineApp app = await StartAsync(settings);
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 0 });
        for (int i = 0; i < 12; i++)
        {
            for (int j = 0; j < batch; j++)
            {
                await PostRunAsync(app, OpenUnique(app));
            }

            await _clock.PassAsync(app, Hour / 12);
        }

        long requests = app.GitHub.Stats.ModelRequests;
        app.GitHub.ClearFaults();
        await _clock.FinishAsync(app);
        return (requests, [.. app.Ledger.Records.Where(r => r.Kind == RunKind.Run)]);
    }

    /// <summary>Starts the app without client retries, GitHub's limits and the batch timer.</summary>
    /// <remarks>
    /// Retries and limits use the real clock, so that runs would wait in vain on the simulated one. The timer could fire in skipped hours.
    /// </remarks>
    private async Task<PipelineApp> StartAsync(params (string Name, string Value)[] settings)
    {
        PipelineApp app = await PipelineApp.StartAsync(
            services: _clock.AddTo,
            settings: new(settings.Select(s => KeyValuePair.Create(s.Name, (string?)s.Value)))
            {
                ["AzureOpenAI:MaxRetries"] = "0",
                ["GitHub:Limits:TimeScale"] = "1000000",
            });
        app.Flags.Off("AutomaticTriggers.Timer");
        return app;
    }

    private static IssueRef OpenUnique(PipelineApp app) => app.Open(
        "New ransomware campaign against grid operators",
        $"A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418. {Guid.NewGuid():N}",
        "site-monitor");

    private static async Task PostRunAsync(PipelineApp app, IssueRef issue)
    {
        using HttpResponseMessage started =
            await app.PostAsync($"api/pipeline/issues/{issue.Repository}/{issue.Number}", new PipelineRequest { Stage = "auto" });
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
    }

    private static async Task<HealthEntry> ReadServicesAsync(PipelineApp app) => Assert.Single(
        (await app.Http.GetFromJsonAsync<HealthReport>("api/health/details", Stop))!.Checks, c => c.Name == "services");

    private static async Task<string> ReadMetricsAsync(PipelineApp app)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "api/metrics") { Headers = { { "Accept", "application/openmetrics-text" } } };
        using HttpResponseMessage response = await app.Http.SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private static void AssertHandedOver(RunRecord record)
    {
        Assert.Equal((RunOutcome.Waiting, WaitCodes.ModelUnavailable), (record.Outcome, record.ReasonCode));
        Assert.NotEmpty(record.Reason);
        Assert.True(RunStatistics.IsUnanswered(record), "The guard must see it.");
        Assert.True(RunStatistics.IsUnified(record));
        Assert.DoesNotContain("analyzing", record.LabelsAfter ?? []);
    }

    private static void AssertDoneOnce(PipelineApp app, IssueRef issue)
    {
        RunRecord record = Assert.Single(app.RecordsOf(issue));
        IssueView view = app.View(issue);
        Assert.Equal((RunOutcome.Succeeded, string.Empty), (record.Outcome, record.Reason));
        Assert.Equal(["copilot-assigned", "intelligence-analyst"], view.Labels.Order());
        Assert.Single(view.Comments);
        Assert.Single(view.Assignees);
        Assert.InRange(view.BodyHistory.Count, 1, 2);
    }
}
