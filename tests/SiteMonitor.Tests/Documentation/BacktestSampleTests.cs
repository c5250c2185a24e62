using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>The backtest of the built-in set with the sandbox's model: the page, the table of thresholds, and the result that CI compares with.</summary>
public sealed class BacktestSampleTests
{
    private const string TableBegin = "<!-- thresholds of the built-in set -->\n";
    private const string TableEnd = "<!-- end of thresholds -->";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Page_Table_And_Baseline_Are_What_The_Sandbox_Decides()
    {
        await using PipelineApp app = await PipelineApp.StartAsync();
        (ExportHeader header, List<IssueHistory> issues) = await ReadAsync();
        List<BacktestRow> rows = [];
        foreach (IssueHistory[] batch in issues.Chunk(BacktestRequest.MaxIssues))
        {
            rows.AddRange(await DecideAsync(app, header.Repository, batch));
        }

        // Durations depend on the machine.
        BacktestReport report = new(header.Repository, [.. rows.Select(r => r with { DurationMs = 0 })], []);

        Assert.Equal(issues.Count, rows.Count);
        Assert.Empty(app.GitHub.Writes);
        CommittedFile.ShouldBe(BacktestHtml.Write(report), "docs", "examples", "backtest.html");
        CommittedFile.ShouldBe(WriteBaseline(report, header.ExportedAt), "tests", "backtest-baseline.json");
        string document = RepositoryRoot.Read("docs", "backtest.md").ReplaceLineEndings("\n");
        int begin = document.IndexOf(TableBegin, StringComparison.Ordinal) + TableBegin.Length;
        CommittedFile.ShouldBe(
            document[..begin] + WriteThresholds(report) + document[document.IndexOf(TableEnd, StringComparison.Ordinal)..], "docs", "backtest.md");
    }

    private static async Task<IReadOnlyList<BacktestRow>> DecideAsync(PipelineApp app, string repository, IssueHistory[] issues)
    {
        List<BacktestRow> rows = [];
        while (rows.Count < issues.Length)
        {
            IssueHistory[] left = [.. issues.Where(i => rows.All(r => r.Number != i.Number))];
            using var body = JsonContent.Create(new BacktestRequest { Repository = repository, Issues = left }, options: RolloutJson.Options);
            using HttpResponseMessage answer = await app.Http.PostAsync("api/backtest", body, Stop);
            BacktestResponse response = RolloutJson.Read<BacktestResponse>(await answer.Content.ReadAsStringAsync(Stop));
            Assert.Empty(response.Problems);
            rows.AddRange(response.Rows);
        }

        return [.. rows.OrderBy(r => r.Number)];
    }

    /// <summary>A row a line, so that a difference can be read.</summary>
    private static string WriteBaseline(BacktestReport report, DateTimeOffset at)
    {
        BacktestJson compact = new(new JsonSerializerOptions(BacktestJson.Default.Options) { WriteIndented = false });
        BacktestBaseline baseline = new() { Repository = report.Repository, At = at, Rows = report.Rows };
        return JsonSerializer.Serialize(baseline, compact.BacktestBaseline).Replace("{\"number\":", "\n{\"number\":", StringComparison.Ordinal) + "\n";
    }

    private static string WriteThresholds(BacktestReport report)
    {
        StringBuilder table = new("| threshold | accuracy | hand-over | agreement |\n|---|---|---|---|\n");
        foreach (ThresholdResult threshold in report.Thresholds)
        {
            table.Append(CultureInfo.InvariantCulture, $"| {threshold.Threshold:0.00} | {threshold.Result.Accuracy} | {threshold.Result.HandOver} | {threshold.Result.Agreement} |\n");
        }

        return table.ToString();
    }

    private static async Task<(ExportHeader Header, List<IssueHistory> Issues)> ReadAsync()
    {
        using TextReader reader = ExportFile.OpenEvaluationSet();
        ExportHeader header = await ExportFile.ReadHeaderAsync(reader, Stop);
        return (header, await ExportFile.ReadIssuesAsync(reader, Stop).ToListAsync(Stop));
    }
}
