using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenAI.Chat;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.OpenAI;
using SiteMonitor.Integrations.Resilience;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Tests.Core.Reporting;
using SiteMonitor.Tests.Core.Rollout;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>docs/telemetry.md lists exactly what is emitted.</summary>
public sealed partial class TelemetryReferenceTests
{
    private static readonly string Page = RepositoryRoot.Read("docs", "telemetry.md");

    [Fact]
    public async Task The_Page_Lists_Every_Span_With_Its_Attributes()
    {
        SpanRecorder spans = new();
        await using TelemetryCollector collector = await TelemetryCollector.StartAsync();
        await using PipelineApp app = await PipelineApp.StartAsync(webhooks: true, services: spans.AddTo, settings: collector.Settings);
        app.GitHub.Inject(new FaultRule { Match = "model", Effect = FaultEffect.TooManyRequests, RetryAfter = 1 });
        app.GitHub.Inject(new FaultRule { Match = "query", Effect = FaultEffect.BadGateway, Times = 2 });
        app.GitHub.Inject(new FaultRule { Match = "updateIssue", Effect = FaultEffect.ServerError });

        await spans.TraceOfRunAsync(app.OpenClear());
        await app.IdleAsync();
        app.GitHub.Inject(new FaultRule { Match = "query", Effect = FaultEffect.ServerError, Times = 4 });
        await spans.TraceOfRunAsync(app.OpenClear());
        await spans.WaitAsync(s => s.GetTagItem("faas.trigger") is "timer");

        Dictionary<string, HashSet<string>> emitted = [];
        foreach (Activity span in spans.OfRuns.Concat(spans.All.Where(s => s.GetTagItem("faas.trigger") is "timer")))
        {
            string name = PatternOf(span.DisplayName);
            emitted.TryAdd(name, []);
            emitted[name].UnionWith(span.TagObjects.Select(t => t.Key));
        }

        Assert.Equal(
            Rows("Spans").Select(r => Line(r.Key, r.Value)).Order(StringComparer.Ordinal),
            emitted.Select(e => Line(e.Key, e.Value)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_Page_Lists_Every_Metric_With_Its_Labels()
    {
        Dictionary<string, HashSet<string>> emitted = [];
        using ServiceProvider services = new ServiceCollection().AddMetrics().AddSingleton<SiteMonitorMetrics>().AddLogging()
            .AddAnalysisModel(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["AzureOpenAI:Endpoint"] = "https://model.example", ["AzureOpenAI:Deployment"] = "d", ["AzureOpenAI:ApiKey"] = "k",
            }).Build())
            .BuildServiceProvider();
        using MeterListener listener = new();
        object scope = services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, scope))
            {
                emitted.TryAdd(instrument.Name, []);
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Note(emitted, instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Note(emitted, instrument, tags));
        listener.SetMeasurementEventCallback<int>((instrument, _, tags, _) => Note(emitted, instrument, tags));
        listener.Start();

        SiteMonitorMetrics metrics = services.GetRequiredService<SiteMonitorMetrics>();
        metrics.Record(Records.Run(1) with { ManualIntervention = true });
        metrics.Record(Records.Command("process-issues", "deprecated"));
        metrics.CountRollback("half", byGuard: true);
        ModelTelemetry model = services.GetRequiredService<ModelTelemetry>();
        await model.RunAsync(() => Task.FromResult(OpenAIChatModelFactory.ChatCompletion(
            model: "m", usage: OpenAIChatModelFactory.ChatTokenUsage(outputTokenCount: 5, inputTokenCount: 10))));
        await Assert.ThrowsAsync<TimeoutException>(() => model.RunAsync(() => throw new TimeoutException()));

        CircuitBreaker breaker = services.GetRequiredService<CircuitBreakers>().Get(CircuitBreakers.Model);
        for (int i = 0; i < 4; i++)
        {
            await breaker.ExecuteAsync(_ => ValueTask.FromResult(503), TestContext.Current.CancellationToken);
        }

        listener.RecordObservableInstruments();

        Assert.Equal(
            Rows("Metrics").Select(r => Line(r.Key, r.Value)).Order(StringComparer.Ordinal),
            emitted.Select(e => Line(e.Key, e.Value)).Order(StringComparer.Ordinal));
    }

    private static string Line(string name, IEnumerable<string> labels) => $"{name}: {string.Join(", ", labels.Order(StringComparer.Ordinal))}";

    private static void Note(Dictionary<string, HashSet<string>> emitted, Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            emitted[instrument.Name].Add(tag.Key);
        }
    }

    /// <summary>Reads the table of a section: the names in the first cell of each row, and those in its last.</summary>
    private static IEnumerable<KeyValuePair<string, string[]>> Rows(string section) =>
        from line in Page.Split($"\n## {section}\n")[1].Split("\n## ")[0].Split('\n')
        where line.StartsWith("| `", StringComparison.Ordinal)
        let cells = line.Trim().Trim('|').Split('|')
        from name in Names(cells[0])
        select KeyValuePair.Create(name, Names(cells[^1]));

    private static string[] Names(string cell) => [.. Quoted().Matches(cell).Select(m => m.Groups[1].Value)];

    private static string PatternOf(string span) =>
        span.StartsWith("function ", StringComparison.Ordinal) ? "function <name>"
        : span.StartsWith("chat ", StringComparison.Ordinal) ? "chat <deployment>"
        : span.StartsWith("activity:", StringComparison.Ordinal) ? "activity:<name>"
        : span.StartsWith("orchestration:", StringComparison.Ordinal)
            ? span.EndsWith(":timer", StringComparison.Ordinal) ? "orchestration:<name>:timer" : "orchestration:<name>"
        : span;

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
