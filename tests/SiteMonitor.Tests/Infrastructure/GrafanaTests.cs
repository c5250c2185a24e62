using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Tests.Core.Reporting;
using SiteMonitor.Tests.Functions.EndToEnd;
using YamlDotNet.RepresentationModel;

namespace SiteMonitor.Tests.Infrastructure;

/// <summary>Dashboard and alert rules ask for metrics and labels that the application writes, and docs/telemetry.md lists those.</summary>
public sealed partial class GrafanaTests
{
    private const string Folder = "infra/grafana";

    private static readonly JsonElement Dashboard = JsonDocument.Parse(Read("dashboards/sitemonitor.json")).RootElement;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_Metric_And_Label_Is_One_That_The_Application_Writes()
    {
        (Dictionary<string, Dictionary<string, HashSet<string>>> written, _) = await ScrapeAsync();
        string[] outcomes = [.. Enum.GetValues<RunOutcome>().Select(o => WireName.Of(o))];

        foreach ((string where, string expression, string legend) in Queries())
        {
            string[] metrics = [.. MetricPattern().Matches(expression).Select(m => m.Value).Distinct()];
            Assert.NotEmpty(metrics);
            Assert.All(metrics, metric => Assert.True(written.ContainsKey(metric), $"{where}: no metric {metric}"));
            HashSet<string> labels = [.. metrics.SelectMany(m => written[m].Keys)];
            string[] used = [.. GroupPattern().Matches(expression).SelectMany(m => m.Groups[1].Value.Split(", ")), .. LegendPattern().Matches(legend).Select(m => m.Groups[1].Value)];
            Assert.All(used, label => Assert.True(labels.Contains(label), $"{where}: {string.Join(", ", metrics)} have no label {label}"));
            foreach (Match matcher in MatcherPattern().Matches(expression))
            {
                (string metric, string label, string value) = (matcher.Groups[1].Value, matcher.Groups[2].Value, matcher.Groups[3].Value);
                Assert.True(written[metric].TryGetValue(label, out HashSet<string>? values), $"{where}: {metric} has no label {label}");
                Assert.Contains(value, label == "outcome" ? outcomes : [.. values!]);
            }
        }
    }

    [Fact]
    public async Task The_Telemetry_Page_Lists_Every_Family_With_Its_Labels()
    {
        (Dictionary<string, Dictionary<string, HashSet<string>>> written, string[] withoutData) = await ScrapeAsync();
        string section = RepositoryRoot.Read("docs", "telemetry.md").Split("\n## OpenMetrics\n")[1].Split("\n## ")[0];
        string[][] rows =
            [.. section.Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))
                .Select(l => l.Trim('|', ' ').Split('|')).SelectMany(cells => NamePattern().Matches(cells[0]).Select(m => (string[])[m.Groups[1].Value, .. NamePattern().Matches(cells[^1]).Select(x => x.Groups[1].Value).Order(StringComparer.Ordinal)]))];

        Assert.Equal(
            written.Select(w => string.Join(' ', [w.Key, .. w.Value.Keys.Order(StringComparer.Ordinal)])).Concat(withoutData).Order(StringComparer.Ordinal),
            rows.Select(r => string.Join(' ', r)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_Dashboard_Has_The_Panels_That_The_Plan_Asks_For()
    {
        JsonElement[] panels = [.. Dashboard.GetProperty("panels").EnumerateArray()];

        Assert.Empty(((string[])["Throughput", "Stage duration, 95th percentile", "Error rate by stage", "Cost an issue", "Success and hand-over rate", "Guard signals"])
            .Except(panels.Select(p => p.GetProperty("title").GetString())));
        Assert.Equal(panels.Length, panels.Select(p => p.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, p => Assert.True(p.GetProperty("gridPos").GetProperty("x").GetInt32() + p.GetProperty("gridPos").GetProperty("w").GetInt32() <= 24));
    }

    [Fact]
    public void Every_Data_Source_Is_The_One_That_Is_Provisioned()
    {
        string provisioned = Text(Yaml("provisioning/datasources/sitemonitor.yaml")["datasources"][0]["uid"]);
        string[] used =
            [.. Dashboard.GetProperty("panels").EnumerateArray().Select(p => p.GetProperty("datasource").GetProperty("uid").GetString()!),
                .. Rules().SelectMany(r => ((YamlSequenceNode)r["data"]).Select(d => Text(d["datasourceUid"])))];

        Assert.Equal(["__expr__", provisioned], used.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal("/var/lib/grafana/dashboards", Text(Yaml("provisioning/dashboards/sitemonitor.yaml")["providers"][0]["options"]["path"]));
        Assert.Equal("/api/metrics", Text(Yaml("prometheus.yaml")["scrape_configs"][0]["metrics_path"]));
    }

    [Fact]
    public void Every_Alert_Rule_Is_Complete_And_Says_What_To_Do()
    {
        YamlNode[] rules = [.. Rules()];

        Assert.Equal(rules.Length, rules.Select(r => Text(r["uid"])).Distinct().Count());
        Assert.All(rules, rule =>
        {
            Assert.Equal(["value", "fires"], ((YamlSequenceNode)rule["data"]).Select(d => Text(d["refId"])));
            Assert.Equal("fires", Text(rule["condition"]));
            Assert.Contains(Text(rule["labels"]["severity"]), (string[])["warning", "critical"]);
            Assert.EndsWith(".", Text(rule["annotations"]["summary"]), StringComparison.Ordinal);
        });
    }

    /// <summary>Reads the OpenMetrics text of an application that did some of everything.</summary>
    /// <returns>The values of each label of each metric, and the metrics of figures that have no data.</returns>
    private static async Task<(Dictionary<string, Dictionary<string, HashSet<string>>> Written, string[] WithoutData)> ScrapeAsync()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        app.Flags.OldCommands("deprecated");
        await app.RunAsync(app.OpenClear());
        await app.PostAsync("api/commands/process-issues", new CommandRequest { Operator = "ada" });
        await app.Ledger.AppendAsync(Heartbeats.Create(app.Clock.GetUtcNow(), "full"), Stop);
        using HttpRequestMessage request = new(HttpMethod.Get, "api/metrics") { Headers = { Accept = { MediaTypeWithQualityHeaderValue.Parse(OpenMetricsText.MediaType) } } };
        using HttpResponseMessage response = await app.Http.SendAsync(request, Stop);
        string text = await response.Content.ReadAsStringAsync(Stop);
        OpenMetricsCheck.Run(text);

        Dictionary<string, Dictionary<string, HashSet<string>>> written = [];
        foreach (Match sample in SamplePattern().Matches(text).Where(m => !m.Groups[1].Value.EndsWith("_created", StringComparison.Ordinal)))
        {
            written.TryAdd(sample.Groups[1].Value, []);
            foreach (Match label in LabelPattern().Matches(sample.Groups[2].Value))
            {
                written[sample.Groups[1].Value].TryAdd(label.Groups[1].Value, []);
                written[sample.Groups[1].Value][label.Groups[1].Value].Add(label.Groups[2].Value);
            }
        }

        using JsonDocument summary = JsonDocument.Parse(await app.Http.GetStringAsync("api/metrics", Stop));
        string[] withoutData =
            [.. summary.RootElement.GetProperty("figures").EnumerateArray().Where(f => f.GetProperty("status").GetString() == MetricFigure.NoData)
                .Select(f => $"sitemonitor_{f.GetProperty("id").GetString()!.Replace('-', '_')}_{f.GetProperty("unit").GetString()}".TrimEnd('_'))];
        return (written, withoutData);
    }

    private static IEnumerable<(string Where, string Expression, string Legend)> Queries() =>
    [
        .. from panel in Dashboard.GetProperty("panels").EnumerateArray()
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!, target.GetProperty("legendFormat").GetString()!),
        .. Dashboard.GetProperty("annotations").GetProperty("list").EnumerateArray().Select(a => (a.GetProperty("name").GetString()!, a.GetProperty("expr").GetString()!, string.Empty)),
        .. Rules().Select(r => (Text(r["title"]), Text(r["data"][0]["model"]["expr"]), string.Empty)),
    ];

    private static YamlSequenceNode Rules() => (YamlSequenceNode)Yaml("provisioning/alerting/sitemonitor.yaml")["groups"][0]["rules"];

    private static YamlNode Yaml(string file)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(Read(file)));
        return stream.Documents.Single().RootNode;
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;

    private static string Read(string file) => RepositoryRoot.Read([.. Folder.Split('/'), .. file.Split('/')]);

    [GeneratedRegex("sitemonitor_[a-z_]+")]
    private static partial Regex MetricPattern();

    [GeneratedRegex(@"(?:by|on) \(([a-z_, ]+)\)")]
    private static partial Regex GroupPattern();

    [GeneratedRegex(@"\{\{([a-z_]+)\}\}")]
    private static partial Regex LegendPattern();

    [GeneratedRegex("(sitemonitor_[a-z_]+)\\{([a-z_]+)=\"([^\"]*)\"\\}")]
    private static partial Regex MatcherPattern();

    [GeneratedRegex(@"^(sitemonitor_[a-z_]+)(?:\{(.*)\})? \S+$", RegexOptions.Multiline)]
    private static partial Regex SamplePattern();

    [GeneratedRegex("([a-z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex LabelPattern();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex NamePattern();
}
