using System.Text.Json;
using SiteMonitor.Core.Backtest;
using SiteMonitor.Core.Comparison;
using static SiteMonitor.Tests.Core.Backtest.Histories;

namespace SiteMonitor.Tests.Core.Backtest;

/// <summary>The rollout at the times the issues of a backtest were opened.</summary>
public sealed class RolloutSimulatorTests
{
    private static readonly TimeSpan Gap = TimeSpan.FromHours(2);

    [Fact]
    public void Each_Phase_Lasts_As_Long_As_Its_Gate_Needs_At_The_Times_The_Issues_Were_Opened()
    {
        SimulatedRollout replay = new BacktestReport("o/r", Rows(600), []).Replay!;

        Assert.Equal(
            [("development", 0), ("soft-launch", 0), ("parallel", 2), ("half", 5), ("full", 5), ("cleanup", 7)],
            replay.Phases.Select(p => (p.Phase, (int)(p.MetAt!.Value - p.From).TotalDays)));
        Assert.Equal((19, 0), ((int)replay.Days!.Value, replay.Repetitions));
        Assert.Empty(replay.Signals);
        Assert.Equal(["soak"], replay.Phases.Single(p => p.Phase == "full").HeldBy);
    }

    [Fact]
    public void Its_Figures_Are_What_Independent_Code_Computes_From_The_Written_Rows()
    {
        // Issues come in bursts, with quiet days between.
        Random random = new(20261130);
        DateTimeOffset at = Start;
        BacktestRow[] rows =
            [.. Rows(500).Select(r => r with { CreatedAt = at += random.Next(10) == 0 ? TimeSpan.FromDays(random.Next(3)) : TimeSpan.FromMinutes(random.Next(90)) })];

        string json = JsonSerializer.Serialize(new BacktestReport("o/r", rows, []), BacktestJson.Default.BacktestReport);

        using JsonDocument document = JsonDocument.Parse(json);
        DateTimeOffset[] opened = [.. document.RootElement.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("createdAt").GetDateTimeOffset())];
        JsonElement replay = document.RootElement.GetProperty("replay");
        Assert.Equal(0, replay.GetProperty("repetitions").GetInt32());
        Dictionary<string, double> shares = new() { ["parallel"] = 0.2, ["half"] = 0.5, ["full"] = 1, ["cleanup"] = 1 };
        foreach (JsonElement phase in replay.GetProperty("phases").EnumerateArray())
        {
            DateTimeOffset from = phase.GetProperty("from").GetDateTimeOffset();
            DateTimeOffset met = phase.GetProperty("metAt").GetDateTimeOffset();
            int issues = opened.Count(o => o <= met && (o > from || (o == from && o == opened[0] && met > from)));
            Assert.Equal(issues, phase.GetProperty("issues").GetInt32());
            double share = shares.GetValueOrDefault(phase.GetProperty("phase").GetString()!);
            Assert.InRange(phase.GetProperty("unifiedRuns").GetInt32(), (share * issues) - 1, (share * issues) + 1);
        }

        foreach (JsonElement detection in replay.GetProperty("detection").EnumerateArray())
        {
            int runs = detection.GetProperty("runs").GetInt32();
            Assert.Equal((opened[runs - 1] - opened[0]).TotalHours, detection.GetProperty("hours").GetDouble(), 6);
        }
    }

    [Fact]
    public void Issues_That_Cannot_Be_Decided_Make_The_Guard_Fire_And_The_Evidence_Begin_Anew()
    {
        BacktestRow[] rows = Rows(600);
        BacktestRow[] broken = [.. rows.Where(r => r.CreatedAt > Start.AddDays(10)).Take(6)];

        BacktestReport report = new("o/r", [.. rows.Except(broken)], [.. broken.Select(r => new BacktestProblem(r.Number, "no answer", 0, r.CreatedAt))]);
        SimulatedRollout replay = report.Replay!;

        SimulatedSignal signal = replay.Signals[0];
        Assert.Equal(("errors", true, "full"), (signal.Signal, signal.RollsBack, signal.Phase));
        Assert.InRange(signal.Number, broken[1].Number, broken[4].Number);
        Assert.InRange(replay.Phases.Single(p => p.Phase == "full").MetAt!.Value, signal.At.AddDays(5), signal.At.AddDays(7));
        Assert.Contains($"| errors | rollback | {signal.Message.Split(';')[0]}"[..30], BacktestMarkdown.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void One_Unexplained_Difference_Holds_The_Parallel_Phase()
    {
        BacktestRow[] rows = Rows(100);
        rows[5] = rows[5] with { Difference = DifferenceClassification.Unexplained };

        SimulatedRollout replay = new BacktestReport("o/r", rows, []).Replay!;

        Assert.Equal(("parallel", null), (replay.Phases[^1].Phase, replay.Phases[^1].MetAt));
        Assert.Equal(["consistency"], replay.Phases[^1].HeldBy);
        Assert.Null(replay.Days);
        Assert.Contains("would not finish", BacktestMarkdown.Write(new BacktestReport("o/r", rows, [])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Rise_Of_Hand_Overs_Opens_An_Incident_That_Rolls_Nothing_Back()
    {
        BacktestRow[] rows = [.. Rows(600).Select(r => r.CreatedAt > Start.AddDays(15) ? r with { Unified = new BacktestChoice("score-low", []) } : r)];

        SimulatedRollout replay = new BacktestReport("o/r", rows, []).Replay!;

        Assert.Contains(replay.Signals, s => s is { Signal: "hand-over", RollsBack: false });
        Assert.DoesNotContain(replay.Signals, s => s.RollsBack);
    }

    [Fact]
    public void Few_Issues_Are_Repeated_And_Issues_Of_One_Moment_Show_No_Pattern()
    {
        SimulatedRollout replay = new BacktestReport("o/r", Rows(48), []).Replay!;

        Assert.Equal((19, 4), ((int)replay.Days!.Value, replay.Repetitions));
        Assert.Null(new BacktestReport("o/r", [.. Rows(48).Select(r => r with { CreatedAt = Start })], []).Replay);
        Assert.Null(new BacktestReport("o/r", [], []).Replay);
    }

    [Fact]
    public void Without_The_Backtests_Criterion_The_First_Gate_Is_Not_Met_And_The_Rest_Is_Shown()
    {
        BacktestRow[] rows = [.. Rows(300).Select(r => r with { Right = new HumanDecision(HumanDecisionKind.Specialists, [Researcher]) })];

        SimulatedRollout replay = new BacktestReport("o/r", rows, []).Replay!;

        Assert.Equal(["backtest"], replay.Phases[0].HeldBy);
        Assert.Null(replay.Phases[0].MetAt);
        Assert.Equal("cleanup", replay.Phases[^1].Phase);
    }

    private static BacktestRow[] Rows(int count) =>
    [
        .. Enumerable.Range(1, count).Select(n => Row(n, Analyst, Analyst, Analyst) with
        {
            CreatedAt = Start + (Gap * n),
            DurationMs = 900,
            Difference = DifferenceClassification.Accepted,
        }),
    ];
}
