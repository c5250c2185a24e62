using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>An application twelve days into its rollout, in phase <c>half</c>, with runs of both logics; always the same.</summary>
internal sealed class DashboardScene : IAsyncDisposable
{
    private const int Days = 12;
    private readonly PipelineApp _app;

    private DashboardScene(PipelineApp app) => _app = app;

    public PipelineApp App => _app;

    public Uri Address => _app.Http.BaseAddress!;

    public string Key => _app.Http.DefaultRequestHeaders.GetValues("x-functions-key").Single();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static async Task<DashboardScene> StartAsync()
    {
        MemoryRolloutStore store = new();
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        await store.SaveAsync(State(now), History(now), null, Stop);
        PipelineApp app = await PipelineApp.StartAsync(services: services =>
        {
            services.AddSingleton<IRolloutStore>(store);
            services.AddSingleton<ICurrentPhase>(provider => provider.GetRequiredService<RolloutStateRepository>());
        });
        foreach (RunRecord record in Runs(now))
        {
            await app.Ledger.AppendAsync(record, Stop);
        }

        DashboardScene scene = new(app);
        await scene.PostAsync("rollout/resume", new OperatorRequest { Operator = "maria", Reason = "flags as planned", OverwriteDrift = true });
        return scene;
    }

    /// <summary>An application in a phase without any run.</summary>
    public static async Task<DashboardScene> StartEmptyAsync(string phase = "development")
    {
        MemoryRolloutStore store = new();
        PipelineApp app = await PipelineApp.StartAsync(services: services => services.AddSingleton<IRolloutStore>(store), settings: new Dictionary<string, string?> { ["Rollout:InitialPhase"] = phase });
        DashboardScene scene = new(app);
        await scene.PostAsync("rollout/resume", new OperatorRequest { Operator = "maria", Reason = "flags as planned", OverwriteDrift = true });
        return scene;
    }

    public async Task RollBackAsync()
    {
        await PostAsync("rollout/rollback", new OperatorRequest { Operator = "maria", Reason = "errors since 14:02: GitHub answers 404 for the specialists' labels" });
    }

    public async Task<OperationResult> PostAsync(string path, OperatorRequest request)
    {
        HttpResponseMessage response = await _app.Http.PostAsJsonAsync($"api/{path}", request, RolloutJson.Options, Stop);
        string body = await response.Content.ReadAsStringAsync(Stop);
        Assert.True(response.IsSuccessStatusCode, body);
        return RolloutJson.Read<OperationResult>(body);
    }

    /// <summary>Writes one more run to the ledger, as if it had just ended.</summary>
    public Task<bool> EndRunAsync(int number, RunOutcome outcome = RunOutcome.Succeeded) =>
        _app.Ledger.AppendAsync(Run(number, _app.Clock.GetUtcNow().AddSeconds(-12), Logic.Unified, outcome, 11_000), Stop);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static RolloutState State(DateTimeOffset now)
    {
        DateTimeOffset since = now.AddDays(-2.4);
        return RolloutState.Start("half", since) with { Launched = now.AddDays(-10), Announced = now.AddDays(-11), LastSequence = 8, IncidentCount = 1, GuardRoundAt = now };
    }

    private static AuditEntry[] History(DateTimeOffset now)
    {
        (double DaysAgo, string Phase, string Who, string What, string Reason, string Before, string After)[] entries =
        [
            (Days, "development", "system", "begin", "the rollout's state is new", string.Empty, "development"),
            (10, "soft-launch", "maria", "advance", "checklists confirmed", "development", "soft-launch"),
            (6.5, "parallel", "maria", "advance", "five of five beta issues", "soft-launch", "parallel"),
            (4.2, "parallel", "guard", "incident-opened", "Discrepancy found", string.Empty, "INC-1"),
            (4.1, "parallel", "tom", "incident-resolved", "an accepted difference, now documented", string.Empty, "INC-1"),
            (2.4, "half", "maria", "advance", "34 compared, all explained", "parallel", "half"),
            (2.4, "half", "maria", "flag", "advance", "UnifiedPipeline: on: label beta-test, 20 %", "on: label beta-test, 50 %"),
            (1.1, "half", "maria", "confirm", "asked in #ops, nobody complained", string.Empty, "no-complaints"),
        ];
        return [.. entries.Select((e, i) => new AuditEntry { Sequence = i + 1, At = now.AddDays(-e.DaysAgo), Who = e.Who, What = e.What, Phase = e.Phase, Reason = e.Reason, Before = e.Before, After = e.After })];
    }

    private static IEnumerable<RunRecord> Runs(DateTimeOffset now)
    {
        Random random = new(7);
        int number = 1;
        for (double hoursAgo = Days * 24; hoursAgo > 0.2; hoursAgo -= 0.6 + random.NextDouble())
        {
            double share = hoursAgo > 10 * 24 ? 0 : hoursAgo > 6.5 * 24 ? 0.1 : hoursAgo > 2.4 * 24 ? 0.25 : 0.5;
            bool unified = random.NextDouble() < share;
            double dice = random.NextDouble();
            RunOutcome outcome = dice < (unified ? 0.12 : 0.04) ? RunOutcome.Waiting : !unified && dice > 0.985 ? RunOutcome.Failed : RunOutcome.Succeeded;
            yield return Run(number++, now.AddHours(-hoursAgo), unified ? Logic.Unified : Logic.Legacy, outcome, (long)((unified ? 9_000 : 4_500) + (random.NextDouble() * 5_000)));
        }

        for (DateTimeOffset at = now.AddDays(-Days); at <= now; at += Heartbeats.Interval)
        {
            yield return Heartbeats.Create(at, "half");
        }
    }

    private static RunRecord Run(int number, DateTimeOffset started, Logic logic, RunOutcome outcome, long milliseconds) => new()
    {
        Kind = RunKind.Run,
        RunId = $"scene-{number}",
        Issue = $"{PipelineApp.Repository}#{number}",
        Trigger = TriggerNames.Webhook,
        Stages = [new StageRecord(Stage.Analysis, logic, outcome, milliseconds * 2 / 5), .. outcome == RunOutcome.Succeeded ? [new StageRecord(Stage.Preparation, logic, outcome, milliseconds * 3 / 5)] : Array.Empty<StageRecord>()],
        Route = logic,
        RouteReason = logic == Logic.Unified ? "targeting: 50 %" : "not targeted",
        FlagsRevision = "3f1c9a7e52d04b68",
        Phase = "half",
        Outcome = outcome,
        ReasonCode = outcome == RunOutcome.Waiting ? "score-between" : outcome == RunOutcome.Failed ? "github-not-found" : string.Empty,
        Reason = outcome == RunOutcome.Waiting ? "The best specialist scored 0.62: not sure enough to assign." : string.Empty,
        Specialists = outcome == RunOutcome.Succeeded ? ["intelligence-analyst"] : [],
        ContentType = logic == Logic.Unified ? "threat report" : string.Empty,
        Usage = new Usage { GitHubReads = 2, GitHubWrites = 3, ModelCalls = logic == Logic.Unified ? 1 : 0, PromptTokens = 1_400, CompletionTokens = 440, Dollars = logic == Logic.Unified ? 0.0041m : 0 },
        DurationMs = milliseconds,
        Started = started,
        Ended = started.AddMilliseconds(milliseconds),
    };
}
