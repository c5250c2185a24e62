using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.LocalHost.Functions.Http;
using SiteMonitor.LocalHost.Scenarios;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Sandbox.Seeds;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.LocalHost.Scenarios;

/// <summary>What a phase does to the issues that were there before it: foretold by the dry run, and limited by the phase's intake.</summary>
public sealed class BacklogTests : IAsyncLifetime
{
    private const int Intake = 2;
    private readonly TestDirectory _directory = new();
    private ScenarioHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        // In 'parallel' everything goes through the unified pipeline, and the timer takes in two issues of the backlog a day.
        JsonNode plan = JsonNode.Parse(PlanParseResult.DefaultText())!;
        JsonNode parallel = plan["phases"]!.AsArray().Single(p => (string?)p!["name"] == "parallel")!;
        parallel["intake"] = Intake;
        parallel["flags"]!["timer"] = true;
        foreach (JsonNode? phase in plan["phases"]!.AsArray().Where(p => (string?)p!["name"] is "parallel" or "half"))
        {
            phase!["flags"]!["unifiedPipeline"]!["percentage"] = 100;
        }

        string file = Path.Combine(_directory.Path, "plan.json");
        await File.WriteAllTextAsync(file, plan.ToJsonString(), Cancel);
        _host = await ScenarioHost.StartAsync(Path.Combine(_directory.Path, "data"), RepositoryRoot.Path, "soft-launch", Cancel, plan: file);
        await _host.AdvanceAsync(TimeSpan.Zero, Cancel);
        new ScenarioIssues(_host.GitHub).Open(7);
        Act(UserActionKind.Assign, issue: 1, "mona-lisa");
        Act(UserActionKind.AddLabel, issue: 7, "urgent");
        await _host.AdvanceAsync(TimeSpan.FromMinutes(5), Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_Dry_Run_Of_An_Advance_Foretells_What_Becomes_Of_Existing_Issues_And_Of_The_Next_Gate()
    {
        int writes = _host.GitHub.Writes.Count;

        using JsonDocument plan = JsonDocument.Parse(await PostAsync("rollout/advance", Forced with { DryRun = true }));

        JsonElement radius = plan.RootElement.GetProperty("blastRadius");
        Assert.Equal((7, 7, 0), (Number(radius, "issues"), Number(radius, "toUnified"), Number(radius, "toLegacy")));
        Assert.Equal((6, 1), (Number(radius, "written"), Number(radius, "assignedToPerson")));
        Assert.Equal($"{SeedCatalogue.Repository}#7", radius.GetProperty("first")[0].GetProperty("issue").GetString());
        Assert.Equal(6, radius.GetProperty("first").GetArrayLength());
        Assert.Equal((6, 3), (Number(radius, "copilotSessions"), Number(radius, "days")));
        Assert.Equal((6, 1), (Number(radius, "limitPerDay"), Number(radius, "limitDays")));
        Assert.Equal(JsonValueKind.Null, radius.GetProperty("dollars").ValueKind);
        Assert.Equal(6 * 3 / 500.0, radius.GetProperty("hours").GetDouble(), tolerance: 0.001);
        JsonElement forecast = plan.RootElement.GetProperty("forecast");
        Assert.Equal("parallel", forecast.GetProperty("phase").GetString());
        Assert.Contains(forecast.GetProperty("gate").EnumerateArray(), c => c.GetProperty("id").GetString() == "compared");
        Assert.Contains("with 2 of the backlog a day", forecast.GetProperty("traffic").GetProperty("basis").GetString(), StringComparison.Ordinal);
        string lines = string.Join('\n', plan.RootElement.GetProperty("lines").EnumerateArray().Select(l => l.GetString()));
        Assert.Contains("7 of 7 open ones would change to the unified pipeline", lines, StringComparison.Ordinal);
        Assert.Contains("1 more are assigned to a person and left alone", lines, StringComparison.Ordinal);
        Assert.Contains("The gate of 'parallel' at", lines, StringComparison.Ordinal);
        Assert.Equal(writes, _host.GitHub.Writes.Count);
        Assert.Equal("soft-launch", (await _host.StatusAsync(Cancel)).Phase);
    }

    [Fact]
    public async Task The_Timer_And_Batches_Start_No_More_Of_The_Backlog_A_Day_Than_The_Intake()
    {
        await _host.OperateAsync("rollout/advance", Forced, Cancel);

        await _host.AdvanceAsync(TimeSpan.FromHours(4), Cancel);
        await WaitForTimerAsync(lastStarted: 3);
        Assert.Equal("2, 3, 7", await ReadStartedAsync());

        BatchResponse batch = await _host.BatchAsync(Cancel);
        await _host.RunUntilIdleAsync(Cancel);
        Assert.Equal((0, 3), (batch.Started, batch.Deferred));
        Assert.Equal("2, 3, 7", await ReadStartedAsync());

        // What comes in now is no backlog, and a start by hand is exempt, also where somebody is assigned.
        new ScenarioIssues(_host.GitHub).Open(1);
        await PostAsync($"pipeline/issues/{SeedCatalogue.Repository}/6", new PipelineRequest());
        await PostAsync($"pipeline/issues/{SeedCatalogue.Repository}/1", new PipelineRequest());
        await _host.RunUntilIdleAsync(Cancel);
        Assert.Equal("1, 2, 3, 6, 7, 8", await ReadStartedAsync());
        Assert.Contains("mona-lisa", _host.GitHub.Issue(1)!.Assignees);

        await _host.AdvanceAsync(TimeSpan.FromHours(20), Cancel);
        await WaitForTimerAsync(lastStarted: 5);
        Assert.Equal("1, 2, 3, 4, 5, 6, 7, 8", await ReadStartedAsync());
    }

    [Fact]
    public async Task The_Intake_Lets_In_The_Authors_In_Turn()
    {
        IssueView honest = _host.GitHub.Perform(new UserAction
        {
            Do = UserActionKind.Open,
            Value = "New ransomware campaign against grid operators",
            Text = "An apt, a threat-actor tracked as APT-C-39, runs a geopolitical ransomware campaign.",
            Labels = ["site-monitor", "threat-assessment", "strategic-analysis"],
            Login = "alice",
        })!;
        await _host.AdvanceAsync(TimeSpan.FromMinutes(5), Cancel);
        await _host.OperateAsync("rollout/advance", Forced, Cancel);

        BatchResponse batch = await _host.BatchAsync(Cancel);
        await _host.RunUntilIdleAsync(Cancel);

        Assert.Equal((3, 4), (batch.Started, batch.Deferred));
        Assert.Equal($"2, 7, {honest.Number}", await ReadStartedAsync());
    }

    private static OperatorRequest Forced => new() { Operator = "ada", Reason = "rehearsal", Force = true };

    private static int Number(JsonElement item, string member) => item.GetProperty(member).GetInt32();

    private void Act(UserActionKind what, int issue, string value) =>
        _host.GitHub.Perform(new UserAction { Do = what, Number = issue, Value = value });

    private async Task<string> PostAsync<T>(string path, T body)
    {
        (Uri url, string key) = _host.Endpoint;
        using var http = new HttpClient { BaseAddress = new Uri(url, "api/") };
        http.DefaultRequestHeaders.Add(HttpAuthorization.Header, key);
        HttpResponseMessage response = await http.PostAsJsonAsync(path, body, Cancel);
        string text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    /// <summary>Waits for the runs of the timer, which lists the issues before it starts any.</summary>
    private async Task WaitForTimerAsync(int lastStarted)
    {
        for (int i = 0; i < 600 && !(await ReadStartedAsync()).Split(", ").Contains($"{lastStarted}"); i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }

        await _host.RunUntilIdleAsync(Cancel);
    }

    private async Task<string> ReadStartedAsync() => string.Join(", ", await _host.Services.GetRequiredService<IRunLedger>()
        .QueryAsync(new LedgerQuery(Kind: RunKind.Run), Cancel)
        .Where(r => r.Outcome != RunOutcome.Skipped)
        .Select(r => int.Parse(r.Issue.Split('#')[1], System.Globalization.CultureInfo.InvariantCulture))
        .Distinct()
        .Order()
        .ToArrayAsync(Cancel));
}
