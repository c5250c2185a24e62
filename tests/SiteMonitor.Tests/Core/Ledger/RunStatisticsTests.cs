using System.Text.Json;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class RunStatisticsTests
{
    private static readonly string[] Codes =
        ["score-between", "score-low", "model-malformed", "model-unreachable", "model-refused", "analysis-switched-off", "github-node-gone", ""];

    [Fact]
    public void A_Run_That_A_Person_Made_Skip_Its_Work_Counts_As_An_Intervention()
    {
        RunRecord skipped = Records.Run(1, RunOutcome.Skipped) with { ManualIntervention = true };
        RunRecord done = Records.Run(2, RunOutcome.Succeeded) with { ManualIntervention = true };
        RunRecord completion = Records.Run(3, RunOutcome.Succeeded) with { Kind = RunKind.Completion, ManualIntervention = true };
        RunRecord between = Outcome(2, OutcomeCodes.ManualIntervention);

        RunStatistics figures = new([skipped, done, completion, between]);

        Assert.Equal((3, 1), (figures.ManualInterventions, figures.Counted.Count));
    }

    [Fact]
    public void Only_A_Valid_Analysis_That_Was_Not_Sure_Enough_Is_A_Success_That_Waits()
    {
        RunStatistics figures = new(Codes.Select((code, i) => Records.Run(i, RunOutcome.Waiting) with { ReasonCode = code }));

        Assert.Equal((2, 8), (figures.Successes.Count, figures.Successes.Of));
        Assert.Equal((8, 8), (figures.HandOvers.Count, figures.HandOvers.Of));
        Assert.Equal((2, 2, 1, 1, 2), (
            figures.CountHandOvers(HandOverReason.Unsure),
            figures.CountHandOvers(HandOverReason.Unanswered),
            figures.CountHandOvers(HandOverReason.Refused),
            figures.CountHandOvers(HandOverReason.StageDisabled),
            figures.CountHandOvers(HandOverReason.Other)));
    }

    [Theory]
    [InlineData("site-monitor", "osint-researcher,copilot-assigned", "site-monitor", true)]
    [InlineData("site-monitor,osint-researcher", "copilot-assigned", "site-monitor", true)]
    [InlineData("site-monitor", "needs-review", "", true)]
    [InlineData("site-monitor", "osint-researcher,copilot-assigned", "", false)]
    [InlineData("site-monitor", "copilot-assigned", "site-monitor", false)]
    [InlineData("site-monitor,completed", "", "", false)]
    [InlineData("site-monitor,team-label", "copilot-assigned", "site-monitor", true)]
    public void A_Transition_Is_Right_Where_The_Labels_Form_A_Legal_State_Before_And_After(string before, string added, string removed, bool isRight)
    {
        RunRecord run = Records.Run(1) with
        {
            Specialists = [before.Contains("team-label", StringComparison.Ordinal) ? "team-label" : "osint-researcher"],
            LabelsBefore = Split(before),
            LabelsAdded = Split(added),
            LabelsRemoved = Split(removed),
        };

        Proportion right = new RunStatistics([run, Records.Run(2)]).ValidTransitions;

        Assert.Equal((isRight ? 1 : 0, 1), (right.Count, right.Of));
    }

    [Theory]
    [InlineData("site-monitor", "osint-researcher,copilot-assigned", true)]
    [InlineData("site-monitor", "osint-researcher,processing", false)]
    [InlineData("site-monitor", "site-monitor,analyzing", false)]
    [InlineData("site-monitor", "site-monitor,osint-researcher", false)]
    [InlineData("site-monitor,osint-researcher", "site-monitor,osint-researcher", true)]
    [InlineData("site-monitor", "site-monitor,osint-researcher,copilot-assigned", false)]
    [InlineData("osint-researcher", "copilot-assigned", false)]
    public void The_Labels_That_Were_Found_After_The_Run_Decide(string before, string after, bool isRight)
    {
        RunRecord run = Records.Run(1) with
        {
            Specialists = ["osint-researcher"],
            LabelsBefore = Split(before),
            LabelsAdded = [],
            LabelsRemoved = [],
            LabelsAfter = Split(after),
        };

        Assert.Equal(isRight ? 1 : 0, new RunStatistics([run]).ValidTransitions.Count);
    }

    [Fact]
    public void What_The_Legacy_Logic_Leaves_Is_Right_After_A_Legacy_Run_Only()
    {
        RunRecord run = Records.Run(1) with { LabelsBefore = ["site-monitor"], LabelsAfter = ["site-monitor", "osint-researcher"] };

        Assert.Equal((0, 1), (
            new RunStatistics([run]).ValidTransitions.Count,
            new RunStatistics([run with { Route = Logic.Legacy, Stages = [] }]).ValidTransitions.Count));
    }

    [Fact]
    public void A_Choice_Is_Right_Unless_A_Person_Changed_It_Or_Rejected_Its_Result_Within_14_Days()
    {
        RunRecord[] runs = [.. Enumerable.Range(1, 6).Select(n => Records.Run(n, hoursAgo: 24 * 30) with { Specialists = ["osint-researcher"] })];
        RunRecord[] outcomes =
        [
            Outcome(1, OutcomeCodes.SpecialistChanged, daysAgo: 20),
            Outcome(2, OutcomeCodes.PullRequestClosed, daysAgo: 17),
            Outcome(3, OutcomeCodes.PullRequestMerged, daysAgo: 20),
            Outcome(4, OutcomeCodes.SpecialistChanged, daysAgo: 15),
            Outcome(5, OutcomeCodes.SpecialistChanged, daysAgo: 31),
        ];

        Proportion right = new RunStatistics([.. runs, Records.Run(7, RunOutcome.Waiting), .. outcomes]).RightChoices;

        Assert.Equal((4, 6), (right.Count, right.Of));
    }

    [Fact]
    public void A_Choice_That_An_Undo_Took_Back_Is_Neither_Right_Nor_Wrong()
    {
        RunRecord[] runs = [.. Enumerable.Range(1, 3).Select(n => Records.Run(n, hoursAgo: 48) with { Specialists = ["osint-researcher"] })];
        RunRecord undone = Outcome(1, string.Empty, daysAgo: 1) with { Kind = RunKind.Undo };
        RunRecord failed = Outcome(2, string.Empty, daysAgo: 1) with { Kind = RunKind.Undo, Outcome = RunOutcome.Failed };
        RunRecord earlier = Outcome(3, string.Empty, daysAgo: 3) with { Kind = RunKind.Undo };

        Proportion right = new RunStatistics([.. runs, undone, failed, earlier]).RightChoices;

        Assert.Equal((2, 2), (right.Count, right.Of));
    }

    [Fact]
    public void A_Run_That_Analyzed_Again_Is_End_To_End_As_Well()
    {
        RunRecord run = Records.Run(1);

        Assert.True(RunStatistics.IsEndToEnd(run with { Stages = [.. run.Stages, .. run.Stages] }));
        Assert.False(RunStatistics.IsEndToEnd(run with { Stages = [run.Stages[0], run.Stages[0]] }));
    }

    [Fact]
    public void Calls_Of_An_Issue_Are_Counted_From_Its_First_Delivery_With_A_Second_One_Of_The_Same_Moment()
    {
        RunRecord second = Records.Run(1, RunOutcome.Skipped, hoursAgo: 1) with { Stages = [], Usage = new Usage { GitHubReads = 1 } };
        RunRecord later = Records.Run(1, RunOutcome.Skipped, hoursAgo: 0.5) with { Stages = [], Usage = new Usage { GitHubReads = 1 } };
        RunRecord asked = Records.Run(2, RunOutcome.Waiting, hoursAgo: 3);

        IReadOnlyList<int> calls = new RunStatistics([asked, Records.Run(1), second, later, Records.Run(2)]).CountCallsPerIssue(u => u.GitHubReads + u.GitHubWrites);

        Assert.Equal([6, 7], calls.Order());
    }

    [Theory]
    [InlineData(0, 0, 96, 96)]
    [InlineData(4, 0, 92, 96)]
    [InlineData(0, 10, 86, 96)]
    public void A_Missing_Heartbeat_Is_Down_Time_Wherever_It_Lies_In_The_Span(int missingAtStart, int missingInside, int beats, int expected)
    {
        DateTimeOffset from = Records.Now.AddDays(-1);
        IEnumerable<RunRecord> records = Enumerable.Range(0, 96)
            .Where(i => i >= missingAtStart && (i < 40 || i >= 40 + missingInside))
            .Select(i => Heartbeats.Create(from + (i * Heartbeats.Interval), "full"));

        Assert.Equal((beats, expected), Heartbeats.Count(records, from, Records.Now));
    }

    /// <summary>The same figures from the ledger's JSON, by code that shares nothing with ours.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void The_Figures_Are_What_The_Raw_Ledger_Says(int seed)
    {
        RunRecord[] records = Generate(new Random(seed));
        JsonElement[] raw = [.. records.Select(r => JsonDocument.Parse(LedgerJson.Write(r)).RootElement)];

        RunStatistics figures = new(records);

        string Text(JsonElement r, string name) => r.TryGetProperty(name, out JsonElement value) ? value.GetString()! : "";
        int Number(JsonElement r, string name) => r.GetProperty("usage").GetProperty(name).GetInt32();
        JsonElement[] runs = [.. raw.Where(r => Text(r, "kind") == "run")];
        JsonElement[] ended = [.. runs.Where(r => Text(r, "outcome") is "succeeded" or "waiting" or "unmatched" or "failed" or "critical")];
        JsonElement[] rated = [.. ended.Where(r => Text(r, "outcome") != "unmatched")];
        int successes = rated.Count(r => Text(r, "outcome") == "succeeded" || (Text(r, "outcome") == "waiting" && Text(r, "reasonCode").StartsWith("score-", StringComparison.Ordinal)));
        decimal dollars = raw.Where(r => Text(r, "kind") is "run" or "comparison").Sum(r => r.GetProperty("usage").GetProperty("dollars").GetDecimal());
        Assert.Equal((ended.Count(r => Text(r, "outcome") is "failed" or "critical"), ended.Length), (figures.Errors.Count, figures.Errors.Of));
        Assert.Equal((successes, rated.Length), (figures.Successes.Count, figures.Successes.Of));
        Assert.Equal((rated.Count(r => Text(r, "outcome") == "waiting"), rated.Length), (figures.HandOvers.Count, figures.HandOvers.Of));
        Assert.Equal(
            runs.Count(r => r.GetProperty("manualIntervention").GetBoolean()) + raw.Count(r => Text(r, "kind") == "outcome" && Text(r, "reasonCode") == "manual-intervention"),
            figures.ManualInterventions);
        Assert.Equal(dollars, figures.Dollars);
        Assert.Equal(
            raw.Where(r => Text(r, "kind") is "run" or "comparison").Sum(r => Number(r, "promptTokens") + Number(r, "completionTokens")),
            figures.Tokens);
        Assert.Equal(
            ended.Where(r => Text(r, "route") == "unified").Concat(raw.Where(r => Text(r, "kind") == "comparison").Concat(ended)
                .Where(r => Number(r, "modelCalls") + Number(r, "cacheHits") > 0)).Select(r => Text(r, "issue")).Distinct().Count(),
            figures.AnalyzedIssues);

        int wrong = 0;
        int assigned = 0;
        foreach (IGrouping<string, JsonElement> issue in ended.Where(r => Text(r, "outcome") == "succeeded" && r.GetProperty("specialists").GetArrayLength() > 0).GroupBy(r => Text(r, "issue")))
        {
            DateTimeOffset at = issue.Max(r => r.GetProperty("ended").GetDateTimeOffset());
            assigned++;
            wrong += raw.Any(r => Text(r, "kind") == "outcome" && Text(r, "issue") == issue.Key && Text(r, "reasonCode") is "specialist-changed" or "pull-request-closed"
                && Text(r, "issue") == issue.Key && r.GetProperty("started").GetDateTimeOffset() is var when && when >= at && when <= at.AddDays(14)) ? 1 : 0;
        }

        Assert.Equal((assigned - wrong, assigned), (figures.RightChoices.Count, figures.RightChoices.Of));
        Assert.Equal(
            runs.Where(r => Text(r, "outcome") == "succeeded" && Text(r, "issue") == "o/r#1").Select(r => Number(r, "gitHubWrites")).Take(1),
            new RunStatistics(records.Where(r => r.Issue == "o/r#1" && r.Outcome == RunOutcome.Succeeded).Take(1)).CountCallsPerIssue(u => u.GitHubWrites));
    }

    private static RunRecord[] Generate(Random random)
    {
        RunOutcome[] outcomes = Enum.GetValues<RunOutcome>();
        return
        [
            .. Enumerable.Range(0, 300).Select(i => Records.Run(random.Next(1, 80), outcomes[random.Next(outcomes.Length)], hoursAgo: random.Next(1, 24 * 40)) with
            {
                ReasonCode = Codes[random.Next(Codes.Length)],
                ManualIntervention = random.Next(20) == 0,
                Specialists = random.Next(2) == 0 ? ["target-profiler"] : [],
                Usage = new Usage { GitHubReads = 2, GitHubWrites = random.Next(5), Dollars = random.Next(100) / 1000m, PromptTokens = random.Next(900) },
            }),
            .. Enumerable.Range(100, 40).Select(i => Records.Legacy(i) with
            {
                Usage = random.Next(2) == 0 ? Usage.Zero : new Usage { ModelCalls = 1, PromptTokens = 700, CompletionTokens = 80, Dollars = 0.01m },
            }),
            .. Enumerable.Range(0, 60).Select(i => Outcome(
                random.Next(1, 80),
                new[] { OutcomeCodes.SpecialistChanged, OutcomeCodes.PullRequestClosed, OutcomeCodes.PullRequestMerged, OutcomeCodes.ManualIntervention }[random.Next(4)],
                random.Next(40))),
            .. Enumerable.Range(0, 10).Select(i => Records.Run(i) with { Kind = RunKind.Comparison, Usage = new Usage { Dollars = 0.02m } }),
        ];
    }

    private static RunRecord Outcome(int issue, string code, double daysAgo = 0) => Records.Run(issue, hoursAgo: daysAgo * 24) with
    {
        Kind = RunKind.Outcome,
        ReasonCode = code,
        Stages = [],
        Usage = Usage.Zero,
    };

    private static string[] Split(string labels) => labels.Split(',', StringSplitOptions.RemoveEmptyEntries);
}
