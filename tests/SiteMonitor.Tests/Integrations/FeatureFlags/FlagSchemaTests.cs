using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Legacy;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Integrations.FeatureFlags;

/// <summary>Flags whose members are spelled differently, stand in the wrong place or mean nothing to Microsoft.FeatureManagement.</summary>
public sealed class FlagSchemaTests : IDisposable
{
    private const string NoLabel = """{"name":"SiteMonitor.IssueLabel","parameters":{"Labels":["none"]}}""";
    private const string FirstWindow = "\"Start\":\"Mon, 26 Oct 2026 08:00:00 GMT\",\"End\":\"Mon, 26 Oct 2026 18:00:00 GMT\"";

    private static readonly IssueRef Issue = IssueRef.Parse("octo/watch#7");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
    private readonly FlagFile _flags;

    public FlagSchemaTests() => _flags = new FlagFile(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _flags.Dispose();

    [Theory]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"Conditions":{"client_filters":[{{NoLabel}}]} }""")]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"conditions":{"Client_Filters":[{{NoLabel}}]} }""")]
    [InlineData($$"""{"id":"UnifiedPipeline","Enabled":"True","CONDITIONS":{"REQUIREMENT_TYPE":" all ","client_filters":[{"NAME":"issuelabel","Parameters":{"LABELS":["beta-test"]} },{{NoLabel}}]} }""")]
    [InlineData("""{"id":"UnifiedPipeline","Enabled":true,"conditions":{"requirement_type":""}}""")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"Name":"Targeting","PARAMETERS":{"audience":{"exclusion":{"users":["octo/watch#7"]},"defaultrolloutpercentage":"1e2"}}}]}}""")]
    public async Task The_Case_Of_A_Members_Name_Does_Not_Matter(string flag)
    {
        IssueTargetingContext target = new(Issue, ["beta-test"]);
        _flags.With(flag);

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        bool ours = await new FlagEvaluator(_time, NullLoggerFactory.Instance).IsOnAsync(snapshot, FlagNames.UnifiedPipeline, target, Cancel);
        Assert.Equal(await FeatureManagementComparisonTests.TheirsAsync(FlagNames.UnifiedPipeline, flag, target), ours);
        Assert.Empty(_flags.Source.Health.Warnings);
        string off = FlagSettingWriter.Apply(FlagNames.UnifiedPipeline, snapshot.Find(FlagNames.UnifiedPipeline)!.Content, FlagSetting.Off);
        Assert.True(await FlagReader.ReadAsync(FlagNames.UnifiedPipeline, off, "1") is { Problem: null, Setting.Enabled: false });
    }

    [Theory]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"conditions":{"clientFilters":[{{NoLabel}}]} }""", "'clientFilters' in conditions")]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filter":[{{NoLabel}}]} }""", "'client_filter' in conditions")]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"condition":{"client_filters":[{{NoLabel}}]} }""", "'condition'")]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"client_filters":[{{NoLabel}}]}""", "'client_filters'")]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"EnabledFor":[{{NoLabel}}]}""", "'EnabledFor'")]
    [InlineData($$"""{"id":"UnifiedPipeline","enabled":true,"RequirementType":"All","conditions":{"client_filters":[{{NoLabel}}]} }""", "'RequirementType'")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":100,"Exclusions":{"Users":["octo/watch#7"]}}}}]}}""", "'Exclusions' in Audience")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":100,"Exclusion":{"User":["octo/watch#7"]}}}}]}}""", "'User' in Exclusion")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{"Groups":[{"Name":"octo/watch","Percentage":100}]}}}]}}""", "'Percentage' in Groups")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"variants":[{"name":"on","statusOverride":"Disabled"}],"allocation":{"default_when_enabled":"on"}}""", "'statusOverride' in variants")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"variants":[{"name":"on","Status_Override":"Disabled"}],"Allocation":{"default_when_enabled":"on"}}""", "status_override")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"allocation":{"Percentile":[{"variant":"a","from":0,"to":50}]},"Variants":[{"name":"a"}]}""", "by percentile")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":false,"Enabled":true}""", "'enabled' twice")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"telemetry":{"metadata":{"owner":"a","owner":"b"}}}""", "owner")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"telemetry":{"metadata":{"owner":"\ud83d"}}}""", "surrogate")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{}}}]}}""", "cannot be evaluated")]
    [InlineData("""{"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[{"name":"Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":"20%"}}}]}}""", "DefaultRolloutPercentage': it must be a number from 0 to 100")]
    public async Task What_Has_No_Meaning_Makes_The_Flag_Off_And_Is_Named(string flag, string named)
    {
        File.WriteAllText(_flags.Path, $$"""{"feature_management":{"feature_flags":[{{flag}},{{FlagFile.On(FlagNames.AutomaticTriggers)}}]} }""");

        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, ["beta-test"], Cancel);

        Assert.Equal(Logic.Legacy, decision.Route);
        Assert.Contains(named, decision.Reason, StringComparison.Ordinal);
        Assert.Contains(named, Assert.Single(_flags.Source.Health.Warnings), StringComparison.Ordinal);
        Assert.True((await _flags.Policy.MayStartAsync(AutomaticTrigger.Webhook, Cancel)).MayStart);
        FlagSetting wanted = new() { Enabled = true, Percentage = 20, Labels = ["beta-test"] };
        JsonObject? content = (await _flags.Source.CurrentAsync(Cancel)).Find(FlagNames.UnifiedPipeline)!.Content;
        string repaired = FlagSettingWriter.Apply(FlagNames.UnifiedPipeline, content, wanted);
        Assert.Null((await FlagReader.ReadAsync(FlagNames.UnifiedPipeline, repaired, "2")).Problem);
    }

    [Theory]
    [InlineData("\"owner\":\"team-x\",\"display_name\":\"Pipeline\",\"label\":null,\"locked\":false,\"tags\":{},\"last_modified\":\"x\"")]
    [InlineData("\"telemetry\":{\"enabled\":true,\"metadata\":{\"conditions\":\"none\"}}")]
    [InlineData("\"variants\":[{\"name\":\"on\",\"configuration_value\":{\"anything\":[1]}}],\"allocation\":{\"default_when_enabled\":\"on\",\"seed\":\"s\"}")]
    public async Task A_Teams_Own_Notes_Change_Nothing(string notes)
    {
        _flags.With($$"""{"id":"UnifiedPipeline","enabled":true,{{notes}} }""");

        Assert.Equal(Logic.Unified, (await _flags.Policy.DecideAsync(Issue, [], Cancel)).Route);
        Assert.Empty(_flags.Source.Health.Warnings);
    }

    [Theory]
    [InlineData("\"Recurrence\":{\"Pattern\":{\"Type\":\"Weekly\",\"DaysOfWeek\":[\"Tuesday\"]},\"Range\":{\"Type\":\"NoEnd\"}}")]
    [InlineData("\"Recurrence\":{\"Pattern\":{\"Type\":\"Monthly\"},\"Range\":{\"Type\":\"NoEnd\"}}")]
    [InlineData("\"Recurrence\":{\"Pattern\":{\"Type\":\"Daily\",\"Interval\":\"x\"},\"Range\":{\"Type\":\"NoEnd\"}}")]
    [InlineData("\"Recurrence\":{\"Pattern\":{\"Type\":\"Daily\"},\"Range\":{\"Type\":\"Numbered\",\"NumberOfOccurrences\":-1}}")]
    [InlineData("\"Recurrence\":{\"Pattern\":{\"Type\":\"Daily\"}}")]
    [InlineData("\"Recurrence\":{\"Patterns\":{\"Type\":\"Daily\"},\"Range\":{\"Type\":\"NoEnd\"}}")]
    [InlineData("\"Recurrence\":\"daily\"")]
    [InlineData("\"Until\":\"Mon, 02 Nov 2026 18:00:00 GMT\"")]
    public async Task A_Time_Window_That_Cannot_Be_Evaluated_Is_Named_Instead_Of_Taken_For_Closed(string parameters)
    {
        _flags.With($$"""{"id":"AutomaticTriggers","enabled":true,"conditions":{"client_filters":[{"name":"Microsoft.TimeWindow","parameters":{{{FirstWindow}},{{parameters}}} }]} }""");

        TriggerDecision decision = await _flags.Policy.MayStartAsync(AutomaticTrigger.Webhook, Cancel);

        Assert.False(decision.MayStart);
        Assert.DoesNotContain("outside its time window", decision.Reason, StringComparison.Ordinal);
        Assert.Contains("until this is fixed", Assert.Single(_flags.Source.Health.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("2")]
    [InlineData("available, removed")]
    [InlineData("removed ")]
    public async Task A_Variant_Of_The_Old_Commands_That_Nobody_Knows_Is_Named(string variant)
    {
        _flags.With($$"""{"id":"LegacyCommands","enabled":true,"variants":[{"name":"{{variant}}"}],"allocation":{"default_when_enabled":"{{variant}}"} }""");

        Assert.Equal(LegacyCommandMode.Available, await _flags.Policy.GetLegacyCommandModeAsync(Cancel));
        Assert.Contains($"the variant '{variant}'", Assert.Single(_flags.Source.Health.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(70)]
    [InlineData(5_000)]
    public async Task One_Entry_That_Is_Too_Deep_Leaves_All_Others_And_Writes_Work(int depth)
    {
        string deep = $$"""{"id":"UnifiedPipeline.Comparison","enabled":true,"notes":{{new string('[', depth)}}{{new string(']', depth)}} }""";
        File.WriteAllText(_flags.Path, $$"""{"feature_management":{"feature_flags":[{{deep}},{{FlagFile.On(FlagNames.AutomaticTriggers)}}]} }""");

        StoredFlag triggers = (await _flags.Source.CurrentAsync(Cancel)).Find(FlagNames.AutomaticTriggers)!;

        Assert.True(triggers.Setting.Enabled);
        Assert.StartsWith($"{FlagNames.Comparison}: is not a feature flag", Assert.Single(_flags.Source.Health.Warnings), StringComparison.Ordinal);
        Assert.IsType<FlagWriteResult.Written>(await _flags.Store.WriteAsync(FlagNames.AutomaticTriggers, FlagFile.Off(FlagNames.AutomaticTriggers), triggers.ETag, Cancel));
        FlagSnapshot after = await _flags.Source.RefreshAsync(Cancel);
        Assert.False(after.Find(FlagNames.AutomaticTriggers)!.Setting.Enabled);
        Assert.NotNull(after.Find(FlagNames.Comparison));
    }

    [Fact]
    public async Task A_Flag_That_Is_There_Twice_Stays_Off_In_A_Restart_During_An_Outage()
    {
        _flags.With(FlagFile.Pipeline(100), FlagFile.Off(FlagNames.UnifiedPipeline));
        await _flags.Source.CurrentAsync(Cancel);
        File.Delete(_flags.Path);
        using FlagSource restarted = _flags.NewSource();

        FlagSnapshot held = await restarted.CurrentAsync(Cancel);

        Assert.Contains("exists 2 times", held.Find(FlagNames.UnifiedPipeline)!.Problem, StringComparison.Ordinal);
        Assert.False(held.Find(FlagNames.UnifiedPipeline)!.Setting.Enabled);
    }

    [Fact]
    public async Task A_Second_Flag_That_Comes_Up_During_A_Run_Stops_Its_Writes()
    {
        _flags.With(FlagFile.Pipeline(100), FlagFile.On(FlagNames.Analysis), FlagFile.On(FlagNames.Preparation));
        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, [], Cancel);
        _flags.With(FlagFile.Pipeline(100), FlagFile.Off(FlagNames.UnifiedPipeline), FlagFile.On(FlagNames.Analysis), FlagFile.On(FlagNames.Preparation));

        Assert.Equal(Logic.Unified, decision.Analysis);
        Assert.False(await _flags.Policy.IsStillValidAsync(decision, [Stage.Analysis], Issue, [], Cancel));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"readAt":"yesterday","flags":[]}""")]
    [InlineData("""{"readAt":"2026-11-02T12:00:00+00:00","flags":{}}""")]
    [InlineData("""{"readAt":"2026-11-02T12:00:00+00:00","flags":[{"name":"UnifiedPipeline"}]}""")]
    [InlineData("""{"readAt":"2026-11-02T12:00:00+00:00","flags":[null]}""")]
    [InlineData("""{"readAt":"2026-11-02T12:00:00+00:00","flags":[{"name":"UnifiedPipeline","etag":"1","json":"{"}]}""")]
    public async Task Damaged_Last_Known_Flags_Do_Not_Keep_The_Application_From_Starting(string damaged)
    {
        await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_flags.Path)!, "last-known.json"), damaged, Cancel);

        RouteDecision decision = await _flags.Policy.DecideAsync(Issue, [], Cancel);

        Assert.Equal(Logic.Legacy, decision.Route);
        Assert.Contains("does not exist", _flags.Source.Health.Warnings[0], StringComparison.Ordinal);
    }
}
