using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Sandbox.Faults;

namespace SiteMonitor.Tests.Functions.EndToEnd;

public sealed class TelemetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Collector_Gets_Metrics_And_Traces_When_Its_Address_Is_Set()
    {
        await using TelemetryCollector collector = await TelemetryCollector.StartAsync();
        await using (PipelineApp app = await PipelineApp.StartAsync(settings: collector.Settings))
        {
            await app.RunAsync(app.OpenClear());
        }

        string metrics = collector.TextOf("metrics");
        Assert.All(
            ["sitemonitor.runs", "sitemonitor.run.duration", "sitemonitor.run.dollars", "sitemonitor.stage.duration", "sitemonitor.github.calls",
                "sitemonitor.tokens", "gen_ai.client.operation.duration", "gen_ai.client.token.usage", "http.client.request.duration",
                "http.server.request.duration"],
            name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        string traces = collector.TextOf("traces");
        Assert.All(["function StartIssue", "orchestration:IssuePipeline", "activity:ReadIssue", "github read", "chat "], name => Assert.Contains(name, traces, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_Is_Traced_Without_A_Place_To_Send_It_To()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();

        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
    }

    [Fact]
    public async Task One_Trace_Leads_From_The_Webhook_To_Each_Call_Of_GitHub_And_The_Model()
    {
        SpanRecorder spans = new();
        await using TelemetryCollector collector = await TelemetryCollector.StartAsync();
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, services: spans.AddTo, settings: collector.Settings);

        IssueRef issue = app.OpenClear();
        Activity[] trace = await spans.TraceOfRunAsync(issue);
        RunRecord record = Assert.Single(app.RecordsOf(issue), r => r.Kind == RunKind.Run);

        Activity root = Assert.Single(trace, s => s.ParentSpanId == default);
        Assert.Equal(("function GitHubWebhook", ActivityKind.Server, 202), (root.DisplayName, root.Kind, root.GetTagItem("http.response.status_code")));
        HashSet<ActivitySpanId> ids = [.. trace.Select(s => s.SpanId)];
        Assert.DoesNotContain(trace, s => s != root && !ids.Contains(s.ParentSpanId));
        // What the delivery itself asks GitHub (who are we) is in the trace, but not in the run's budget.
        Activity[] calls = [.. trace.Where(s => s.Kind == ActivityKind.Client && s.Source.Name == "SiteMonitor" && s.ParentSpanId != root.SpanId)];
        Assert.Equal((record.Usage.GitHubReads, record.Usage.GitHubWrites, record.Usage.GitHubExtra, record.Usage.ModelCalls),
            (Count(calls, "github read"), Count(calls, "github write"), Count(calls, "github extra"), calls.Count(s => s.DisplayName.StartsWith("chat ", StringComparison.Ordinal))));
        Activity recorded = Assert.Single(trace, s => s.GetTagItem("sitemonitor.run.id") as string == record.RunId);
        Assert.Equal(("succeeded", "unified", issue.Canonical), (recorded.GetTagItem("sitemonitor.run.outcome"), recorded.GetTagItem("sitemonitor.run.route"), recorded.GetTagItem("sitemonitor.subject")));
        TestContext.Current.TestOutputHelper?.WriteLine($"{trace.Length} spans for one issue");
    }

    [Fact]
    public async Task No_Span_Holds_A_Text_Of_The_Issue_Or_A_Secret()
    {
        SpanRecorder spans = new();
        await using TelemetryCollector collector = await TelemetryCollector.StartAsync();
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, services: spans.AddTo, settings: collector.Settings);
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.ServerError, Times = 5 });
        app.GitHub.Inject(new FaultRule { Match = "addComment", Effect = FaultEffect.FieldError });

        await spans.TraceOfRunAsync(app.OpenClear());
        await app.Http.GetAsync("api/metrics?code=master-key&days=1", Stop);
        await spans.WaitAsync(s => s.DisplayName == "function ShowMetrics");

        string[] secrets = [PipelineApp.Secret, "master-key", "function-key", app.GitHub.Credentials.Token, app.GitHub.Credentials.CopilotToken,
            app.GitHub.Credentials.ModelApiKey, "ransomware", "grid operators", "APT-C-39", "CVE-2025-21418"];
        string[] texts = [.. spans.All.SelectMany(TextsOf).Distinct()];
        Assert.NotEmpty(texts);
        Assert.All(secrets, secret => Assert.DoesNotContain(texts, text => text.Contains(secret, StringComparison.OrdinalIgnoreCase)));
    }

    private static int Count(Activity[] trace, string name) => trace.Count(s => s.DisplayName == name);

    private static IEnumerable<string> TextsOf(Activity span) =>
    [
        span.DisplayName, span.StatusDescription ?? string.Empty, span.TraceStateString ?? string.Empty,
        .. span.TagObjects.Select(t => t.Value is string[] values ? string.Join(' ', values) : $"{t.Value}"),
        .. span.Events.SelectMany(e => e.Tags.Select(t => $"{t.Value}")), .. span.Baggage.Select(b => $"{b.Value}"),
    ];
}
