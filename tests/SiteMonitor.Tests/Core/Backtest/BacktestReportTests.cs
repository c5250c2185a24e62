using System.Globalization;
using System.Text.Json;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Ledger;
using static SiteMonitor.Tests.Core.Backtest.Histories;

namespace SiteMonitor.Tests.Core.Backtest;

public sealed class BacktestReportTests
{
    private static BacktestRow[] Mixed =>
    [
        Row(1, Analyst, Analyst, Analyst),
        Row(2, Analyst, Researcher, Analyst, 0.85),
        Row(3, Researcher, Researcher, ""),
        Row(4, "", "", ""),
        Row(5, "", Analyst, "", 0.82),
        Row(6, Researcher, "", Researcher),
        Row(7, $"{Analyst}+{Researcher}", $"{Researcher}+{Analyst}", Analyst),
        Row(8, "?", Analyst, Analyst),
    ];

    [Fact]
    public void Agreement_Accuracy_And_Hand_Overs_Are_Counted_Where_The_Answer_Is_Known()
    {
        BacktestReport report = new("o/r", Mixed, []);

        Assert.Equal(7, report.JudgedCount);
        Assert.Equal(new Proportion(4, 7), report.Unified.Agreement);
        Assert.Equal(new Proportion(3, 5), report.Unified.Accuracy);
        Assert.Equal(new Proportion(2, 7), report.Unified.HandOver);
        Assert.Equal(new Proportion(3, 7), report.Legacy.Agreement);
        Assert.Equal([2, 5], report.Wrong.Select(r => r.Number));
        Assert.Equal(3, report.UnmatchedByLegacy);
        Assert.False(report.MeetsGate);
        Assert.Equal(0.016m, report.Dollars);
    }

    [Fact]
    public void Each_Figure_Is_What_Independent_Code_Computes_From_The_Written_Rows()
    {
        Random random = new(20261130);
        string[] choices = ["", Analyst, Researcher, $"{Analyst}+{Researcher}", "target-profiler"];
        string Any() => choices[random.Next(choices.Length)];
        BacktestRow[] rows =
            [.. Enumerable.Range(1, 400).Select(n => Row(n, random.Next(9) == 0 ? "?" : Any(), Any(), Any(), 0.5 + (random.NextDouble() / 2)))];

        string json = JsonSerializer.Serialize(new BacktestReport("o/r", rows, []), BacktestJson.Default.BacktestReport);

        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        JsonElement[] judged = [.. root.GetProperty("rows").EnumerateArray().Where(r => r.GetProperty("right").GetProperty("kind").GetString() != "unknown")];
        int Agreeing(string side) => judged.Count(r =>
            Key(r.GetProperty("right")) == Key(r.GetProperty(side)) && r.GetProperty(side).GetProperty("code").GetString() != "unmatched");
        int Assigned(string side) => judged.Count(r => Key(r.GetProperty(side)).Length > 0);
        foreach (string side in (string[])["unified", "legacy"])
        {
            JsonElement figures = root.GetProperty(side);
            Assert.Equal((Agreeing(side), judged.Length), Read(figures.GetProperty("agreement")));
            Assert.Equal((judged.Length - Assigned(side), judged.Length), Read(figures.GetProperty("handOver")));
            Assert.Equal(judged.Length, root.GetProperty($"{side}Confusion").EnumerateArray().Sum(c => c.GetProperty("count").GetInt32()));
        }

        foreach (JsonElement threshold in root.GetProperty("thresholds").EnumerateArray())
        {
            double from = threshold.GetProperty("threshold").GetDouble();
            int left = judged.Count(r => !r.GetProperty("scores").EnumerateArray().Any(s => s.GetProperty("score").GetDouble() >= from));
            Assert.Equal((left, judged.Length), Read(threshold.GetProperty("result").GetProperty("handOver")));
        }

        int scores = judged.Sum(r => r.GetProperty("scores").GetArrayLength());
        Assert.Equal(scores, root.GetProperty("calibration").EnumerateArray().Sum(b => Read(b.GetProperty("right")).Of));
        Assert.Equal(judged.Length, root.GetProperty("judgedCount").GetInt32());
    }

    [Fact]
    public void The_Pages_Show_Text_Of_Others_As_Text()
    {
        BacktestReport report = new("o/r", Mixed, [new BacktestProblem(9, "<script>alert(1)</script> | @octo")]);

        string html = BacktestHtml.Write(report);
        string markdown = BacktestMarkdown.Write(report);

        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", markdown, StringComparison.Ordinal);
        Assert.Contains("57.14 %", html, StringComparison.Ordinal);
        Assert.Contains("57.14 %", markdown, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("<svg").Length - 1);
    }

    [Fact]
    public void The_Built_In_Set_Is_Counted_By_The_Gate_And_Shown_Apart()
    {
        BacktestReport own = new("o/r", [Row(1, Analyst, Researcher, Analyst)], []);

        BacktestReport report = own with { BuiltIn = [.. Enumerable.Range(1, 9).Select(n => Row(n, Analyst, Analyst))] };

        Assert.Equal((false, true), (own.MeetsGate, report.MeetsGate));
        Assert.Equal(new Proportion(0, 1), report.Unified.Agreement);
        Assert.Contains("with the built-in set is 90 %", report.DescribeGate(), StringComparison.Ordinal);
        Assert.Contains("## Built-in set", BacktestMarkdown.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_To_Judge_Is_Said_And_Does_Not_Pass()
    {
        BacktestReport report = new("o/r", [Row(1, "?", Analyst)], []);

        Assert.False(report.MeetsGate);
        Assert.Contains("no data", BacktestMarkdown.Write(report), StringComparison.Ordinal);
        Assert.Contains("no data", BacktestHtml.Write(report), StringComparison.Ordinal);
    }

    private static string Key(JsonElement choice) =>
        string.Join('+', choice.GetProperty("specialists").EnumerateArray().Select(s => s.GetString()).Order(StringComparer.Ordinal));

    private static (int Count, int Of) Read(JsonElement share) => (share.GetProperty("count").GetInt32(), share.GetProperty("of").GetInt32());
}
