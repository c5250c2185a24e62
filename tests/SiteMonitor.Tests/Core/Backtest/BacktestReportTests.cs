using System.Numerics;
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
        [
            .. Enumerable.Range(1, 400).Select(n => Row(n, random.Next(9) == 0 ? "?" : Any(), Any(), Any(), 0.5 + (random.NextDouble() / 2)) with
            {
                ModelCalls = n % 4 == 0 ? 0 : 1, Dollars = n % 4 == 0 ? 0 : 0.001m * random.Next(9), Tokens = random.Next(2_000), DurationMs = random.Next(9_000),
            }),
        ];

        string json = JsonSerializer.Serialize(new BacktestReport("o/r", rows, []), BacktestJson.Default.BacktestReport);

        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        Judged[] judged =
        [
            .. root.GetProperty("rows").EnumerateArray()
                .Where(r => r.GetProperty("right").GetProperty("kind").GetString() != "unknown")
                .Select(r => new Judged(r, Key(r.GetProperty("right")), Key(r.GetProperty("unified")), Key(r.GetProperty("legacy")))),
        ];
        Assert.Equal(judged.Length, root.GetProperty("judgedCount").GetInt32());
        AssertSide(root.GetProperty("unified"), judged, r => r.Unified, unmatchedAgrees: true);
        AssertSide(root.GetProperty("legacy"), judged, r => r.Legacy, unmatchedAgrees: false);
        AssertConfusion(root.GetProperty("unifiedConfusion"), judged, r => r.Unified);
        AssertConfusion(root.GetProperty("legacyConfusion"), judged, r => r.Legacy);
        foreach (JsonElement threshold in root.GetProperty("thresholds").EnumerateArray())
        {
            double from = threshold.GetProperty("threshold").GetDouble();
            AssertSide(threshold.GetProperty("result"), judged, r => ChosenFrom(r.Row, from), unmatchedAgrees: true);
        }

        AssertSpecialists(root, judged);
        AssertCalibration(root, judged);
        AssertTotals(root);
        Assert.Equal(
            judged.Where(r => r.Unified.Length > 0 && r.Unified != r.Right).Select(r => r.Number),
            root.GetProperty("wrong").EnumerateArray().Select(r => r.GetProperty("number").GetInt32()));
        int onlyUnified = judged.Count(r => r.Right == r.Unified && !(r.Right == r.Legacy && r.Legacy.Length > 0));
        int onlyLegacy = judged.Count(r => r.Right != r.Unified && r.Right == r.Legacy && r.Legacy.Length > 0);
        Assert.Equal(SignTest(onlyUnified, onlyLegacy), root.GetProperty("pValue").GetDouble(), 9);
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

    private sealed record Judged(JsonElement Row, string Right, string Unified, string Legacy)
    {
        public int Number => Row.GetProperty("number").GetInt32();
    }

    /// <param name="unmatchedAgrees">Whether choosing nobody agrees where the right answer is nobody; matching no legacy rule does not.</param>
    private static void AssertSide(JsonElement figures, Judged[] judged, Func<Judged, string> choose, bool unmatchedAgrees)
    {
        int assigned = judged.Count(r => choose(r).Length > 0);
        int rightlyAssigned = judged.Count(r => choose(r).Length > 0 && choose(r) == r.Right);
        int rightlyLeft = unmatchedAgrees ? judged.Count(r => choose(r).Length == 0 && r.Right.Length == 0) : 0;
        Assert.Equal((rightlyAssigned + rightlyLeft, judged.Length), Read(figures.GetProperty("agreement")));
        Assert.Equal((rightlyAssigned, assigned), Read(figures.GetProperty("accuracy")));
        Assert.Equal((judged.Length - assigned, judged.Length), Read(figures.GetProperty("handOver")));
    }

    private static void AssertConfusion(JsonElement cells, Judged[] judged, Func<Judged, string> choose)
    {
        static string Name(string key) => key.Length == 0 ? "nobody" : key;
        Dictionary<(string, string), int> counts = [];
        foreach (Judged row in judged)
        {
            (string, string) cell = (Name(row.Right), Name(choose(row)));
            counts[cell] = counts.GetValueOrDefault(cell) + 1;
        }

        Assert.Equivalent(
            counts,
            cells.EnumerateArray().ToDictionary(c => (c.GetProperty("right").GetString()!, c.GetProperty("chosen").GetString()!), c => c.GetProperty("count").GetInt32()),
            strict: true);
    }

    private static void AssertSpecialists(JsonElement root, Judged[] judged)
    {
        JsonElement[] specialists = [.. root.GetProperty("specialists").EnumerateArray()];
        Assert.Equal([Analyst, Researcher, "target-profiler"], specialists.Select(s => s.GetProperty("label").GetString()));
        foreach (JsonElement specialist in specialists)
        {
            string label = specialist.GetProperty("label").GetString()!;
            (int given, int chosen, int both) = (0, 0, 0);
            foreach (Judged row in judged)
            {
                (bool isRight, bool isChosen) = (row.Right.Split('+').Contains(label), row.Unified.Split('+').Contains(label));
                given += isRight ? 1 : 0;
                chosen += isChosen ? 1 : 0;
                both += isRight && isChosen ? 1 : 0;
            }

            Assert.Equal(((both, chosen), (both, given)), (Read(specialist.GetProperty("precision")), Read(specialist.GetProperty("recall"))));
        }
    }

    private static void AssertCalibration(JsonElement root, Judged[] judged)
    {
        List<(double Confidence, bool IsRight)>[] bins = [.. Enumerable.Range(0, 10).Select(_ => new List<(double, bool)>())];
        foreach (Judged row in judged)
        {
            foreach (JsonElement score in row.Row.GetProperty("scores").EnumerateArray())
            {
                double confidence = score.GetProperty("confidence").GetDouble();
                bins[confidence >= 0.9 ? 9 : (int)(confidence * 10)].Add((confidence, row.Right.Split('+').Contains(score.GetProperty("label").GetString())));
            }
        }

        JsonElement[] written = [.. root.GetProperty("calibration").EnumerateArray()];
        Assert.Equal(bins.Count(b => b.Count > 0), written.Length);
        foreach (JsonElement bin in written)
        {
            List<(double Confidence, bool IsRight)> expected = bins[(int)Math.Round(bin.GetProperty("from").GetDouble() * 10)];
            Assert.Equal(expected.Sum(s => s.Confidence) / expected.Count, bin.GetProperty("confidence").GetDouble(), 9);
            Assert.Equal((expected.Count(s => s.IsRight), expected.Count), Read(bin.GetProperty("right")));
        }
    }

    private static void AssertTotals(JsonElement root)
    {
        JsonElement[] rows = [.. root.GetProperty("rows").EnumerateArray()];
        double[] asked = [.. rows.Where(r => r.GetProperty("modelCalls").GetInt32() > 0).Select(r => r.GetProperty("durationMs").GetInt64() / 1000.0).Order()];
        Assert.Equal(rows.Count(r => Key(r.GetProperty("legacy")).Length == 0), root.GetProperty("unmatchedByLegacy").GetInt32());
        Assert.Equal(rows.Sum(r => r.GetProperty("dollars").GetDecimal()), root.GetProperty("dollars").GetDecimal());
        Assert.Equal(rows.Sum(r => r.GetProperty("modelCalls").GetInt32()), root.GetProperty("modelCalls").GetInt32());
        Assert.Equal(rows.Sum(r => r.GetProperty("tokens").GetInt64()), root.GetProperty("tokens").GetInt64());

        // The smallest duration that at least half, or 95 %, of the decisions do not exceed.
        Assert.Equal(asked.First(d => asked.Count(a => a <= d) * 100 >= asked.Length * 50), root.GetProperty("p50Seconds").GetDouble());
        Assert.Equal(asked.First(d => asked.Count(a => a <= d) * 100 >= asked.Length * 95), root.GetProperty("p95Seconds").GetDouble());
    }

    private static string ChosenFrom(JsonElement row, double threshold) => string.Join('+', row.GetProperty("scores").EnumerateArray()
        .Where(s => s.GetProperty("score").GetDouble() >= threshold).Select(s => s.GetProperty("label").GetString()).Order(StringComparer.Ordinal));

    /// <summary>Returns the two-sided probability by whole numbers: each of the 2ⁿ ways in which n fair coins fall counts the same.</summary>
    private static double SignTest(int first, int second)
    {
        int coins = first + second;
        BigInteger ways = 1;
        BigInteger tail = 0;
        for (int heads = 0; heads <= Math.Min(first, second); heads++)
        {
            tail += ways;
            ways = ways * (coins - heads) / (heads + 1);
        }

        return Math.Min(1, Math.Exp(BigInteger.Log(2 * tail) - (coins * Math.Log(2))));
    }

    private static string Key(JsonElement choice) =>
        string.Join('+', choice.GetProperty("specialists").EnumerateArray().Select(s => s.GetString()).Order(StringComparer.Ordinal));

    private static (int Count, int Of) Read(JsonElement share) => (share.GetProperty("count").GetInt32(), share.GetProperty("of").GetInt32());
}
