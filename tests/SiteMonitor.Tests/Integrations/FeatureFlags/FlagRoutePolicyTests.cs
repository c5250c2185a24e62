using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Integrations.FeatureFlags;

public sealed class FlagRoutePolicyTests : IDisposable
{
    private static readonly IssueRef Issue = IssueRef.Parse("Octo/Watch#7");
    private readonly FlagFile _flags = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _flags.Dispose();

    [Fact]
    public async Task Twenty_Percent_Of_Ten_Thousand_Issues_Is_Twenty_Percent_And_Raising_It_Only_Adds()
    {
        HashSet<int> twenty = await UnifiedAt(20);
        HashSet<int> again = await UnifiedAt(20);
        HashSet<int> half = await UnifiedAt(50);
        HashSet<int> all = await UnifiedAt(100);

        Assert.InRange(twenty.Count, 1900, 2100);
        Assert.InRange(half.Count, 4900, 5100);
        Assert.Equal(10_000, all.Count);
        Assert.True(twenty.SetEquals(again));
        Assert.True(twenty.IsSubsetOf(half));
    }

    [Fact]
    public async Task The_Bucket_Said_Is_The_One_FeatureManagement_Uses()
    {
        var evaluator = new FlagEvaluator(TimeProvider.System, NullLoggerFactory.Instance);
        double[] percentages = [0.01, 7.3, 20, 33.333, 50, 99.99];
        foreach (double percentage in percentages)
        {
            FlagSnapshot snapshot = await SnapshotAsync(FlagFile.Pipeline(percentage, groups: $$"""{"Name":"octo/sites","RolloutPercentage":{{percentage}}}"""));
            for (int number = 1; number <= 1_000; number++)
            {
                var plain = new IssueRef(new RepositoryRef("octo", "watch"), number);
                bool said = TargetingBucket.IsIn(TargetingBucket.Compute(plain.Canonical, FlagNames.UnifiedPipeline), percentage);
                Assert.Equal(said, await evaluator.IsOnAsync(snapshot, FlagNames.UnifiedPipeline, new IssueTargetingContext(plain, []), Cancel));

                var grouped = new IssueRef(new RepositoryRef("octo", "sites"), number);
                bool saidOfGroup = TargetingBucket.IsIn(TargetingBucket.Compute(grouped.Canonical, FlagNames.UnifiedPipeline, "octo/sites"), percentage)
                    || TargetingBucket.IsIn(TargetingBucket.Compute(grouped.Canonical, FlagNames.UnifiedPipeline), percentage);
                Assert.Equal(saidOfGroup, await evaluator.IsOnAsync(snapshot, FlagNames.UnifiedPipeline, new IssueTargetingContext(grouped, []), Cancel));
            }
        }
    }

    [Fact]
    public async Task The_Reason_Names_Percentage_And_Bucket()
    {
        _flags.With(FlagFile.Pipeline(20), FlagFile.On(FlagNames.Analysis), FlagFile.On(FlagNames.Preparation));

        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, [], Cancel);

        double bucket = TargetingBucket.Compute("octo/watch#7", FlagNames.UnifiedPipeline);
        Assert.EndsWith($"Targeting 20 %: bucket {Math.Floor(bucket * 10) / 10:0.0}", decision.Reason, StringComparison.Ordinal);
        Assert.Equal(bucket < 20 ? Logic.Unified : Logic.Legacy, decision.Route);
        Assert.Equal("parallel", decision.Phase);
    }

    [Fact]
    public async Task Both_Sides_Are_Compared_Only_While_The_Pipeline_Is_On()
    {
        _flags.With(FlagFile.Pipeline(0), FlagFile.On(FlagNames.Comparison));
        RouteDecision on = await _flags.Policy.DecideAsync(Issue, [], Cancel);
        _flags.With(FlagFile.Off(FlagNames.UnifiedPipeline), FlagFile.On(FlagNames.Comparison));
        RouteDecision off = await _flags.Policy.DecideAsync(Issue, [], Cancel);

        Assert.Equal((Logic.Legacy, true), (on.Route, on.Compare));
        Assert.Equal((Logic.Legacy, false), (off.Route, off.Compare));
    }

    [Theory]
    [InlineData("beta-test", Logic.Unified, "label beta-test")]
    [InlineData("Beta-Test", Logic.Unified, "label beta-test")]
    [InlineData("other", Logic.Legacy, "no label beta-test")]
    public async Task The_Beta_Label_Decides_Whatever_The_Percentage(string label, Logic route, string reason)
    {
        _flags.With(FlagFile.Pipeline(0), FlagFile.On(FlagNames.Analysis), FlagFile.On(FlagNames.Preparation));

        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, [label], Cancel);

        Assert.Equal(route, decision.Route);
        Assert.StartsWith(reason, decision.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Named_Issue_And_A_Named_Repository_Go_Through_The_Unified_Pipeline()
    {
        _flags.With(FlagFile.Pipeline(0, users: "\"OCTO/Watch#7\""));
        RouteDecision named = await _flags.Policy.DecideAsync(Issue, [], Cancel);
        _flags.With(FlagFile.Pipeline(0, groups: """{"Name":"Octo/Watch","RolloutPercentage":100}"""));
        RouteDecision grouped = await _flags.Policy.DecideAsync(Issue, [], Cancel);

        Assert.Equal((Logic.Unified, "Targeting: issue named"), (named.Route, named.Reason));
        Assert.Equal(Logic.Unified, grouped.Route);
        Assert.StartsWith("Targeting octo/watch 100 %: bucket ", grouped.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Stage_Switched_Off_Falls_Back_And_Without_Fallback_Waits()
    {
        _flags.With(FlagFile.Pipeline(100), FlagFile.Off(FlagNames.Analysis), FlagFile.On(FlagNames.AnalysisFallback), FlagFile.Off(FlagNames.Preparation), FlagFile.Off(FlagNames.PreparationFallback));

        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, [], Cancel);

        Assert.Equal((Logic.Unified, Logic.Legacy, Logic.Wait), (decision.Route, decision.Analysis, decision.Preparation));
    }

    [Fact]
    public async Task The_Kill_Switch_Stops_Unified_Stages_Only()
    {
        _flags.With(FlagFile.Pipeline(100), FlagFile.On(FlagNames.Analysis), FlagFile.On(FlagNames.Preparation));
        RouteDecision unified = await _flags.Policy.DecideAsync(Issue, [], Cancel);
        Assert.True(await _flags.Policy.IsStillValidAsync(unified, [Stage.Analysis], Issue, [], Cancel));

        _flags.With(FlagFile.Pipeline(100), FlagFile.On(FlagNames.Analysis), FlagFile.Off(FlagNames.Preparation), FlagFile.On(FlagNames.PreparationFallback));
        Assert.True(await _flags.Policy.IsStillValidAsync(unified, [Stage.Analysis], Issue, [], Cancel));
        Assert.False(await _flags.Policy.IsStillValidAsync(unified, [Stage.Preparation], Issue, [], Cancel));

        _flags.With(FlagFile.Off(FlagNames.UnifiedPipeline));
        RouteDecision legacy = await _flags.Policy.DecideAsync(Issue, [], Cancel);
        Assert.False(await _flags.Policy.IsStillValidAsync(unified, [Stage.Analysis], Issue, [], Cancel));
        _flags.With(FlagFile.Pipeline(100), FlagFile.On(FlagNames.Analysis), FlagFile.On(FlagNames.Preparation));
        Assert.True(await _flags.Policy.IsStillValidAsync(legacy, [Stage.Analysis], Issue, [], Cancel));
    }

    [Theory]
    [InlineData("available", LegacyCommandMode.Available)]
    [InlineData("deprecated", LegacyCommandMode.Deprecated)]
    [InlineData("redirected", LegacyCommandMode.Redirected)]
    [InlineData("removed", LegacyCommandMode.Removed)]
    public async Task Old_Commands_Follow_The_Variant(string variant, LegacyCommandMode mode)
    {
        _flags.With(FlagFile.Commands(variant));

        Assert.Equal(mode, await _flags.Policy.GetLegacyCommandModeAsync(Cancel));
    }

    [Fact]
    public async Task With_No_Flags_Ever_Seen_Everything_Is_Off_And_The_Health_Page_Says_Why()
    {
        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, ["beta-test"], Cancel);

        Assert.Equal((Logic.Legacy, Logic.Legacy, Logic.Legacy, false), (decision.Route, decision.Analysis, decision.Preparation, decision.Compare));
        Assert.Equal(LegacyCommandMode.Available, await _flags.Policy.GetLegacyCommandModeAsync(Cancel));
        Assert.False((await _flags.Policy.MayStartAsync(AutomaticTrigger.Webhook, Cancel)).MayStart);
        string problem = Assert.Single(_flags.Source.Health.Problems);
        Assert.Contains("does not exist", problem, StringComparison.Ordinal);
        Assert.Contains("every flag is off", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Time_Window_Opens_And_Closes_The_Triggers()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
        using var flags = new FlagFile(time);
        flags.With("""
            {"id":"AutomaticTriggers","enabled":true,"conditions":{"client_filters":[
              {"name":"Microsoft.TimeWindow","parameters":{"Start":"Mon, 02 Nov 2026 08:00:00 GMT","End":"Mon, 02 Nov 2026 18:00:00 GMT"}}]}}
            """);

        Assert.True((await flags.Policy.MayStartAsync(AutomaticTrigger.Webhook, Cancel)).MayStart);
        time.Advance(TimeSpan.FromHours(7));
        TriggerDecision evening = await flags.Policy.MayStartAsync(AutomaticTrigger.Webhook, Cancel);
        Assert.False(evening.MayStart);
        Assert.StartsWith("AutomaticTriggers is outside its time window", evening.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Contoso.Moon"}]}}""", "Contoso.Moon")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Percentage","parameters":{"Value":50}}]}}""", "Microsoft.Percentage")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":"yes"}""", "has an invalid or missing 'enabled': it must be true or false")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":{}}}""", "has an invalid or missing 'conditions.client_filters': it must be a list of objects")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":120}}}]}}""", "0 to 100")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":[5]}}}]}}""", "Users': it must be a list of names")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":[null]}}}]}}""", "Users': it must be a list of names")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":"octo/watch#7"}}}]}}""", "Users': it must be a list of names")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Groups":[{"RolloutPercentage":50}]}}}]}}""", "Groups.Name': it must be a name")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Groups":["octo/watch"]}}}]}}""", "Groups': it must be a list of objects")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Exclusion":"x"}}}]}}""", "Exclusion': it must be an object")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Exclusion":{"Groups":[1]}}}}]}}""", "Exclusion.Groups': it must be a list of names")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":"a fifth"}}}]}}""", "0 to 100")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"variants":[{"name":"on","status_override":"Disabled"}],"allocation":{"default_when_enabled":"on"}}""", "status_override")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"variants":[{"name":"a"}],"allocation":{"percentile":[{"variant":"a","from":0,"to":50}]}}""", "by percentile")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"variants":[{"name":"a"}],"allocation":{"user":[{"variant":"a","users":["x"]}]}}""", "by user")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"variants":[{"name":"a"}],"allocation":{"group":[{"variant":"a","groups":["x"]}]}}""", "by group")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.TimeWindow","parameters":{"Start":"2023-06-27"}}]}}""", "which this flag does not support")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":false,"enabled":true}""", "not a feature flag")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.Targeting","parameters":{"Audience":{"Users":[],"users":[]}}}]}}""", "twice")]
    public async Task A_Flag_That_Makes_No_Sense_Is_Off_Alone_And_Reported(string flag, string problem)
    {
        _flags.With(flag, FlagFile.On(FlagNames.AutomaticTriggers));

        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, ["beta-test"], Cancel);

        Assert.Equal(Logic.Legacy, decision.Route);
        Assert.True((await _flags.Policy.MayStartAsync(AutomaticTrigger.Webhook, Cancel)).MayStart);
        Assert.Contains(problem, Assert.Single(_flags.Source.Health.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"Audience":{"Users":[5,null,{}],"Groups":[null,"x",{"Name":7,"RolloutPercentage":"a"}],"Exclusion":"x","DefaultRolloutPercentage":[]}}""")]
    [InlineData("""{"Audience":{"Users":{},"Groups":"x","Exclusion":{"Users":5,"Groups":[[]]}}}""")]
    [InlineData("""{"Audience":[],"Labels":[null,3]}""")]
    public void A_Reason_Is_Told_Of_Whatever_Stands_In_A_Flag(string parameters)
    {
        string[] names = [FlagNames.TargetingFilter, FlagNames.IssueLabelFilter, FlagNames.TimeWindowFilter];
        string filters = string.Join(',', names.Select(n => $$"""{"name":"{{n}}","parameters":{{parameters}}}"""));
        string json = $$"""{"enabled":true,"conditions":{"client_filters":[{{filters}}]} }""";
        StoredFlag flag = new(FlagNames.UnifiedPipeline, json, "1", FlagSetting.On) { Content = JsonNode.Parse(json)!.AsObject() };

        Assert.NotEmpty(FlagReasons.Route(flag, Issue, ["beta-test"]));
    }

    private static async Task<FlagSnapshot> SnapshotAsync(string json) => new([await FlagReader.ReadAsync(FlagNames.UnifiedPipeline, json, "1")], DateTimeOffset.UnixEpoch);

    private static async Task<HashSet<int>> UnifiedAt(double percentage)
    {
        FlagSnapshot snapshot = await SnapshotAsync(FlagFile.Pipeline(percentage));
        var evaluator = new FlagEvaluator(TimeProvider.System, NullLoggerFactory.Instance);
        HashSet<int> unified = [];
        for (int number = 1; number <= 10_000; number++)
        {
            var target = new IssueTargetingContext(new IssueRef(new RepositoryRef("octo", "watch"), number), []);
            if (await evaluator.IsOnAsync(snapshot, FlagNames.UnifiedPipeline, target, Cancel))
            {
                unified.Add(number);
            }
        }

        return unified;
    }
}
