using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Core.Rollout.Plan;

public sealed class PlanParseResultTests
{
    [Fact]
    public void The_Built_In_Plan_Has_No_Problem()
    {
        PlanParseResult file = PlanParseResult.Parse(PlanParseResult.DefaultText());

        Assert.Empty(file.Problems);
        Assert.Equal(["development", "soft-launch", "parallel", "half", "full", "cleanup", "steady"], PlanParseResult.Default.Phases.Select(p => p.Name));
    }

    [Theory]
    [InlineData("development", "off", "off", "on", "off", "off", "off", "available", "off")]
    [InlineData("soft-launch", "label beta-test", "on", "on", "off", "off", "off", "available", "on")]
    [InlineData("parallel", "label beta-test + 20 %", "on", "on", "on", "on", "off", "available", "on")]
    [InlineData("half", "label beta-test + 50 %", "on", "on", "off", "on", "on", "deprecated", "on")]
    [InlineData("full", "label beta-test + 100 %", "on", "on", "off", "on", "on", "redirected", "on")]
    [InlineData("cleanup", "label beta-test + 100 %", "on", "off", "off", "on", "on", "removed", "on")]
    [InlineData("steady", "label beta-test + 100 %", "on", "off", "off", "on", "on", "removed", "on")]
    public void Each_Phase_Sets_The_Flags_Of_The_Table(
        string phase, string pipeline, string stages, string fallbacks, string comparison, string webhook, string timer, string commands, string rollback)
    {
        Dictionary<string, string> flags = PlanParseResult.Default.Find(phase)!.Flags.Targets().ToDictionary(t => t.Flag, t => t.Setting.ToString());

        Assert.Equal(FlagNames.All.Order(), flags.Keys.Order());
        Assert.Equal(pipeline, flags[FlagNames.UnifiedPipeline]);
        Assert.Equal((stages, stages), (flags[FlagNames.Analysis], flags[FlagNames.Preparation]));
        Assert.Equal((fallbacks, fallbacks), (flags[FlagNames.AnalysisFallback], flags[FlagNames.PreparationFallback]));
        Assert.Equal((comparison, webhook, timer), (flags[FlagNames.Comparison], flags[FlagNames.AutomaticTriggers], flags[FlagNames.AutomaticTriggersTimer]));
        Assert.Equal((commands, rollback), (flags[FlagNames.LegacyCommands], flags[FlagNames.AutomaticRollback]));
    }

    [Fact]
    public async Task A_Written_Setting_Reads_Back_Unchanged_And_Keeps_The_Teams_Own_Members()
    {
        foreach (FlagTarget target in PlanParseResult.Default.Phases.SelectMany(p => p.Flags.Targets()))
        {
            string json = FlagSettingWriter.Apply(target.Flag, null, target.Setting);
            var snapshot = new FlagSnapshot([await FlagReader.ReadAsync(target.Flag, json, "1")], DateTimeOffset.UnixEpoch);
            Assert.Null(snapshot.Find(target.Flag)!.Problem);
            Assert.Equal(target.Setting, snapshot.GetSetting(target.Flag));
        }

        string own = """
            {"id":"UnifiedPipeline","enabled":true,"description":"ours","telemetry":{"enabled":true},"conditions":{"client_filters":[
              {"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":["octo/watch#1"],"Groups":[{"Name":"octo/sites","RolloutPercentage":100}],"DefaultRolloutPercentage":20}}}]}}
            """;
        string applied = FlagSettingWriter.Apply(FlagNames.UnifiedPipeline, JsonNode.Parse(own)!.AsObject(), new FlagSetting { Enabled = true, Labels = ["beta-test"], Percentage = 50 });
        Assert.Contains("octo/watch#1", applied, StringComparison.Ordinal);
        Assert.Contains("octo/sites", applied, StringComparison.Ordinal);
        Assert.Contains("\"telemetry\"", applied, StringComparison.Ordinal);
        Assert.Contains("\"ours\"", applied, StringComparison.Ordinal);
    }

    [Fact]
    public void What_A_Plan_Leaves_Out_Has_Its_Default()
    {
        JsonNode plan = JsonNode.Parse(PlanParseResult.DefaultText())!;
        plan["guard"] = new JsonObject { ["handOver"] = new JsonObject() };
        plan["limits"] = new JsonObject();
        plan["incidents"] = new JsonObject();
        plan["phases"]![0]!["gate"] = new JsonArray(new JsonObject { ["id"] = "x", ["title"] = "X", ["measure"] = "errors" });
        foreach (string optional in (string[])["version", "baselineFloorSeconds", "plannedWeeks", "migrationGuide", "oldCommandsGo", "contacts", "benefits"])
        {
            plan.AsObject().Remove(optional);
        }

        RolloutPlan read = PlanParseResult.Parse(plan.ToJsonString()).Plan!;

        RolloutPlan fresh = new() { Phases = [] };
        Assert.Equivalent(fresh with { Phases = read.Phases, Workflows = read.Workflows, BetaIssues = read.BetaIssues, SchemaLocation = read.SchemaLocation }, read, strict: true);
        Assert.Equivalent(new Criterion { Id = "x", Title = "X", Measure = Measure.Errors }, read.Phases[0].Gate[0], strict: true);
    }

    [Theory]
    [InlineData("\"percentage\": 20", "\"percentage\": 120", "phases[2].flags.unifiedPipeline.percentage: 120 is not within 0 to 100.")]
    [InlineData("\"percentage\": 50", "\"percentage\": 10", "is less than the 20 of an earlier phase")]
    [InlineData("\"name\": \"half\"", "\"name\": \"full\"", "'full' is there twice")]
    [InlineData("\"name\": \"half\"", "\"name\": \"Half Way\"", "phases[3].name: 'Half Way' must be lower-case")]
    [InlineData("\"workflows\": \"both\"", "\"intake\": -1, \"workflows\": \"both\"", "phases[1].intake: must not be negative")]
    [InlineData("\"measure\": \"errors\"", "\"measure\": \"errorz\"", "line ")]
    [InlineData("\"threshold\": 7.5", "\"treshold\": 7.5", "treshold")]
    [InlineData("\"threshold\": 7.5", "\"threshold\": 0", "guard.errors.threshold: must be above 0")]
    [InlineData("\"failingRate\": 0.1", "\"failingRate\": 0.001", "guard.errors: healthyRate and failingRate are shares")]
    [InlineData("\"maximumRate\": 0.4", "\"maximumRate\": 0.6", "guard.handOver: the rates are shares")]
    [InlineData("\"runs\": 200", "\"runs\": 10", "runs must be at least minimumSample")]
    [InlineData("\"measure\": \"errors\"", "\"confirm\": \"\"", "give it a measure or, in confirm")]
    [InlineData("\"daily-update\"", "\"daily-news\"", "'daily-news' is not known")]
    [InlineData("\"pager\"", "\"https://hooks.example/x\"", "holds an address")]
    [InlineData("ops-unified-pipeline.yml", "../x.sh", "is not the file name of a workflow")]
    public void A_Mistake_Is_Reported_With_Its_Place(string right, string wrong, string problem)
    {
        string text = PlanParseResult.DefaultText();
        int at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at >= 0);

        PlanParseResult file = PlanParseResult.Parse(string.Concat(text.AsSpan(0, at), wrong, text.AsSpan(at + right.Length)));

        Assert.Contains(file.Problems, p => p.Contains(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void A_Plan_From_Before_The_Guard_Counted_Runs_Is_Still_Read()
    {
        JsonObject plan = JsonNode.Parse(PlanParseResult.DefaultText())!.AsObject();
        plan["guard"] = JsonNode.Parse("""{ "windowMinutes": 15, "windowRuns": 20, "windowHours": 24, "minimumRuns": 20, "minimumFailedIssues": 2, "looks": 3, "errorRateAbove": 0.05, "criticalIssuesAbove": 0.1, "durationRatioAbove": 3 }""");
        plan["betaIssues"] = new JsonArray("Beta 1", "Beta 2");
        plan["phases"]![1]!["guardMinimumRuns"] = 5;
        plan["phases"]![4]!["gate"]![2]!["measure"] = "p95OverDayBefore";

        PlanParseResult file = PlanParseResult.Parse(plan.ToJsonString());

        Assert.Empty(file.Problems);
        Assert.Equal((3, PlanParseResult.Default.Guard.Errors), (file.Plan!.Guard.DurationRatioAbove, file.Plan.Guard.Errors));
        Assert.Equal(["Beta 1", "Beta 2"], file.Plan.BetaIssues.Select(b => b.Title));
        Assert.Equal(Measure.P95OverRunsBefore, file.Plan.Find("full")!.Gate[2].Measure);
    }

    [Fact]
    public void A_Team_Can_Add_A_Step()
    {
        PhasePlan twenty = PlanParseResult.Default.Find("parallel")!;
        PhasePlan ten = twenty with { Name = "tenth", Flags = twenty.Flags with { UnifiedPipeline = twenty.Flags.UnifiedPipeline with { Percentage = 10 } } };

        RolloutPlan plan = PlanParseResult.Default with { Phases = [.. PlanParseResult.Default.Phases.Take(2), ten, .. PlanParseResult.Default.Phases.Skip(2)] };

        Assert.Empty(PlanValidator.Validate(plan));
        Assert.Equal("tenth", plan.After("soft-launch")?.Name);
    }
}
