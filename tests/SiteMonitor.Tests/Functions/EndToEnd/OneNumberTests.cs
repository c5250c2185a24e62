using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Tests.Cli;
using SiteMonitor.Tests.Core.Ledger;
using SiteMonitor.Tests.LocalHost;

namespace SiteMonitor.Tests.Functions.EndToEnd;

/// <summary>A figure has one value, wherever it is read: dashboard, command line, report and exported metrics.</summary>
public sealed class OneNumberTests
{
    private const int Days = 30;
    private const string Phase = "full";

    /// <summary>Time stands still, so that every answer is about the same window.</summary>
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 12, 7, 5, TimeSpan.Zero);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dashboard_Command_Line_Report_And_Exported_Metrics_Say_The_Same()
    {
        using TestDirectory directory = new();
        string plan = directory.Write("plan.json", CreatePlan());
        await using PipelineApp app = await PipelineApp.StartAsync(
            services: services => services.AddSingleton<IRunLedger, SqliteRunLedger>().AddSingleton<TimeProvider>(new FakeTimeProvider(Now)),
            settings: new Dictionary<string, string?> { ["Rollout:Plan"] = plan });
        await WriteAsync(app);

        Dictionary<string, JsonElement> figures = (await GetAsync(app, $"api/metrics?days={Days}")).GetProperty("figures")
            .EnumerateArray().ToDictionary(f => f.GetProperty("id").GetString()!);
        JsonElement report = await GetAsync(app, $"api/report?format=json&days={Days}");
        string exported = await GetOpenMetricsAsync(app);
        Dictionary<string, string> gate = await ReadGateAsync(app);

        Assert.Equal(["consistency"], figures.Values.Where(f => f.GetProperty("status").GetString() == MetricFigure.NoData)
            .Select(f => f.GetProperty("id").GetString()));
        AssertReport(figures, report);
        AssertExported(figures, exported);
        Assert.Equal(Percent("error-rate"), gate["error-rate"]);
        Assert.Equal(Percent("success-rate"), gate["success-rate"]);
        Assert.Equal(Percent("transitions-right"), gate["transitions-right"]);
        Assert.Equal(Percent("right-choice"), gate["right-choice"]);
        Assert.Equal(Text($"{Value("mean-duration"):0.#} s"), gate["mean-duration"]);
        Assert.Contains($", {gate["manual-interventions"]} in ", figures["manual-interventions"].GetProperty("text").GetString(), StringComparison.Ordinal);

        double Value(string id) => figures[id].GetProperty("value").GetDouble();
        string Percent(string id) => Text($"{Value(id) * 100:0.##} %");
    }

    /// <summary>All of the records lie in the span, in one phase, whose evidence begins before it.</summary>
    private static async Task WriteAsync(PipelineApp app)
    {
        foreach (RunRecord record in OddLedger.Create(11, 700, Now.AddDays(-Days + 1), Now.AddDays(-5)))
        {
            await app.Services.GetRequiredService<IRunLedger>().AppendAsync(
                record with { Phase = record.Phase.Length > 0 ? Phase : string.Empty }, Stop);
        }

        DateTimeOffset before = Now.AddDays(-Days);
        await app.Services.GetRequiredService<RolloutStateRepository>().UpdateUntilSavedAsync(
            edit => edit.State = edit.State with
            {
                Phase = Phase, PhaseSince = before, EvidenceFrom = before, SoakFrom = before, GuardFrom = Now,
            },
            Stop);
    }

    private static string CreatePlan()
    {
        JsonNode plan = JsonNode.Parse(PlanParseResult.DefaultText())!;
        JsonNode phase = plan["phases"]!.AsArray().Single(p => (string)p!["name"]! == Phase)!;
        phase["gate"] = new JsonArray(
            CreateCriterion("error-rate", "errorRate"), CreateCriterion("success-rate", "successRate"),
            CreateCriterion("transitions-right", "transitionsRight"), CreateCriterion("right-choice", "rightChoice"),
            CreateCriterion("mean-duration", "meanDuration"), CreateCriterion("manual-interventions", "manualInterventions"));
        return plan.ToJsonString();
    }

    private static JsonObject CreateCriterion(string id, string measure) => new()
    {
        ["id"] = id,
        ["title"] = id,
        ["measure"] = measure,
        ["is"] = "atMost",
        ["target"] = 0.5,
        ["minimumSample"] = 1,
    };

    private static void AssertReport(Dictionary<string, JsonElement> figures, JsonElement report)
    {
        Dictionary<string, (string? Actual, string? Status)> rows = ((string[])["technical", "business", "project", "further"])
            .SelectMany(table => report.GetProperty(table).EnumerateArray())
            .ToDictionary(r => r.GetProperty("metric").GetString()!, r => (r.GetProperty("actual").GetString(), r.GetProperty("status").GetString()));
        foreach (JsonElement figure in figures.Values)
        {
            Assert.Equal((figure.GetProperty("text").GetString(), figure.GetProperty("status").GetString()), rows[figure.GetProperty("title").GetString()!]);
        }
    }

    private static void AssertExported(Dictionary<string, JsonElement> figures, string exported)
    {
        foreach (JsonElement figure in figures.Values.Where(f => f.GetProperty("value").ValueKind == JsonValueKind.Number))
        {
            string unit = figure.GetProperty("unit").GetString()!;
            string name = $"sitemonitor_{figure.GetProperty("id").GetString()!.Replace('-', '_')}{(unit.Length > 0 ? $"_{unit}" : string.Empty)}";
            string line = exported.Split('\n').Single(l => l.StartsWith($"{name} ", StringComparison.Ordinal));
            double value = double.Parse(line[(name.Length + 1)..], CultureInfo.InvariantCulture);
            Assert.Equal(figure.GetProperty("value").GetDouble(), value);
        }
    }

    private static async Task<JsonElement> GetAsync(PipelineApp app, string path)
    {
        using JsonDocument document = JsonDocument.Parse(await app.Http.GetStringAsync(path, Stop));
        return document.RootElement.Clone();
    }

    private static async Task<string> GetOpenMetricsAsync(PipelineApp app)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"api/metrics?days={Days}");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(OpenMetricsText.MediaType));
        using HttpResponseMessage response = await app.Http.SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    /// <summary>The gate's values as <c>rollout status --json</c> prints them.</summary>
    private static async Task<Dictionary<string, string>> ReadGateAsync(PipelineApp app)
    {
        using CliDriver cli = new();
        cli.Respond(HttpStatusCode.OK, await app.Http.GetStringAsync("api/rollout", Stop));
        Assert.Equal(0, await cli.RunAsync("rollout", "status", "--json", "--url", "http://localhost:7071", "--key", "any"));
        using JsonDocument status = JsonDocument.Parse(cli.Out);
        return status.RootElement.GetProperty("gate").EnumerateArray()
            .ToDictionary(c => c.GetProperty("id").GetString()!, c => c.GetProperty("value").GetString()!);
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
