using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;

namespace SiteMonitor.Tests.Integrations.FeatureFlags;

/// <summary>Flags that are read without an issue, or stand beside one that nobody can read.</summary>
public sealed class PlainFlagTests : IDisposable
{
    private const string Targeting =
        """{"name":"Microsoft.Targeting","parameters":{"Audience":{"Groups":[{"Name":"octo-org/other","RolloutPercentage":100}],"DefaultRolloutPercentage":0}}}""";

    private const string Window = """{"name":"Microsoft.TimeWindow","parameters":{"Start":"Tue, 27 Jun 2023 06:00:00 GMT"}}""";

    private static readonly IssueRef Issue = IssueRef.Parse("octo/watch#7");
    private readonly FlagFile _flags = new();

    public static TheoryData<string, string, string> FiltersOutsideTheTable
    {
        get
        {
            TheoryData<string, string, string> data = [];
            foreach (string flag in FlagNames.All.Except([FlagNames.UnifiedPipeline]))
            {
                foreach (string requirement in (string[])["Any", "All"])
                {
                    data.Add(flag, requirement, Targeting);
                    data.Add(flag, requirement, $"{Targeting},{Window}");
                    data.Add(flag, requirement, """{"name":"targeting","parameters":{"audience":{"defaultRolloutPercentage":"100"}}}""");
                    data.Add(flag, requirement, """{"name":"SiteMonitor.IssueLabel","parameters":{"Labels":["beta-test"]}}""");
                }
            }

            return data;
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _flags.Dispose();

    [Theory]
    [MemberData(nameof(FiltersOutsideTheTable))]
    public async Task A_Filter_That_Needs_An_Issue_Makes_A_Plain_Flag_Off_And_Says_So(string flag, string requirement, string filters)
    {
        _flags.With($$"""{"id":"{{flag}}","enabled":true,"conditions":{"requirement_type":"{{requirement}}","client_filters":[{{filters}}]} }""");

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.False(await IsOnAsync(snapshot, flag));
        Assert.Contains($"{flag}: has the filter", Assert.Single(_flags.Source.Health.Warnings), StringComparison.Ordinal);
        Assert.StartsWith("off, has the filter", snapshot.GetSetting(flag).ToString(), StringComparison.Ordinal);
        string repaired = FlagSettingWriter.Apply(flag, snapshot.Find(flag)!.Content, new FlagSetting { Enabled = true, Variant = "available" });
        Assert.Null((await FlagReader.ReadAsync(flag, repaired, "1")).Problem);
    }

    [Fact]
    public async Task The_Webhook_Is_Told_Which_Filter_Keeps_It_From_Starting()
    {
        _flags.With($$"""{"id":"AutomaticTriggers","enabled":true,"conditions":{"requirement_type":"All","client_filters":[{{Targeting}},{{Window}}]} }""");

        TriggerDecision decision = await _flags.Policy.MayStartAsync(AutomaticTrigger.Webhook, Cancel);

        Assert.False(decision.MayStart);
        Assert.Contains("Microsoft.Targeting", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":false,"enabled":true}""")]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":true,"description":"\ud83d"}""")]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":true,"conditions":{"client_filters":[],"client_filters":[]}}""")]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":7}""")]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":true,"variants":"none"}""")]
    [InlineData("""{"enabled":true}""")]
    [InlineData("""{"id":7,"enabled":true}""")]
    [InlineData("\"text\"")]
    public async Task One_Malformed_Entry_Of_The_File_Leaves_All_Others_And_Writes_Work(string malformed)
    {
        File.WriteAllText(
            _flags.Path,
            $$"""{"feature_management":{"feature_flags":[{{FlagFile.On("UnifiedPipeline")}},{{malformed}},{{FlagFile.On("AutomaticTriggers")}}]} }""");

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.True(await IsOnAsync(snapshot, FlagNames.AutomaticTriggers));
        StoredFlag pipeline = snapshot.Find(FlagNames.UnifiedPipeline)!;
        Assert.Null(pipeline.Problem);
        string off = FlagSettingWriter.Apply(FlagNames.UnifiedPipeline, pipeline.Content, FlagSetting.Off);
        Assert.IsType<FlagWriteResult.Written>(await _flags.Store.WriteAsync(FlagNames.UnifiedPipeline, off, pipeline.ETag, Cancel));
        FlagSnapshot after = await _flags.Source.RefreshAsync(Cancel);
        Assert.False(await IsOnAsync(after, FlagNames.UnifiedPipeline));
        Assert.True(await IsOnAsync(after, FlagNames.AutomaticTriggers));
        Assert.Single(_flags.Source.Health.Warnings);
    }

    [Theory]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":false,"enabled":true}""")]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":true,"description":"\ud83d"}""")]
    [InlineData("{")]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":true,"conditions":[]}""")]
    public async Task A_Malformed_Flag_Has_A_Revision_And_Can_Be_Written_Anew(string json)
    {
        FlagSnapshot snapshot = new([await FlagReader.ReadAsync(FlagNames.Comparison, json, "1"), await FlagReader.ReadAsync(FlagNames.Analysis, FlagFile.On(FlagNames.Analysis), "2")], DateTimeOffset.UnixEpoch);

        Assert.Equal(12, snapshot.Revision.Length);
        Assert.True(snapshot.Find(FlagNames.Analysis)!.Setting.Enabled);
        string repaired = FlagSettingWriter.Apply(FlagNames.Comparison, snapshot.Find(FlagNames.Comparison)!.Content, FlagSetting.On);
        Assert.True(await FlagReader.ReadAsync(FlagNames.Comparison, repaired, "3") is { Problem: null, Setting.Enabled: true });
    }

    [Fact]
    public async Task A_Flag_That_Is_There_Twice_Is_Off_Alone()
    {
        _flags.With(FlagFile.On("UnifiedPipeline.Analysis"), FlagFile.Off("UnifiedPipeline.Analysis"), FlagFile.On("AutomaticTriggers"));

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.False(await IsOnAsync(snapshot, FlagNames.Analysis));
        Assert.True(await IsOnAsync(snapshot, FlagNames.AutomaticTriggers));
        Assert.Contains("exists 2 times", Assert.Single(_flags.Source.Health.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Flag_That_Is_Off_Stays_Off_Whatever_Its_Variants_Say()
    {
        _flags.With("""
            {"id":"UnifiedPipeline.Comparison","enabled":false,"variants":[{"name":"on","status_override":"Enabled"}],
              "allocation":{"default_when_disabled":"on"}}
            """);

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.False(await IsOnAsync(snapshot, FlagNames.Comparison));
        Assert.Empty(_flags.Source.Health.Warnings);
    }

    [Theory]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":false,"notes":{"a:b":1,"a":{"b":2}}}""")]
    [InlineData("""{"id":"UnifiedPipeline.Comparison","enabled":true,"notes":{"a:b":1,"a":{"b":2}}}""")]
    [InlineData("""{"id":"AutomaticTriggers.Timer","enabled":false,"conditions":{"client_filters":[{"name":"Microsoft.TimeWindow","parameters":{"Start":"Tue, 27 Jun 2023 06:00:00 GMT","Recurrence":{"Pattern":{"Type":{"a:b":1,"a":{"b":2}}}}}}]}}""")]
    public async Task Nothing_In_One_Flag_Breaks_Another(string odd)
    {
        _flags.With(odd, FlagFile.On("AutomaticTriggers"));

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.True(await IsOnAsync(snapshot, FlagNames.AutomaticTriggers));
    }

    [Theory]
    [InlineData("Any", "\"conditions:client_filters:9:name\":\"AlwaysOn\",")]
    [InlineData(" ", "")]
    public async Task A_Condition_Decides_Whatever_Else_The_Flag_Holds(string requirement, string note)
    {
        _flags.With($$"""
            {"id":"UnifiedPipeline","enabled":true,{{note}}"conditions":{"requirement_type":"{{requirement}}","client_filters":[
              {"name":"SiteMonitor.IssueLabel","parameters":{"Labels":["beta-test"]} }]} }
            """);

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.Equal("label beta-test", snapshot.GetSetting(FlagNames.UnifiedPipeline).ToString());
        Assert.False((await _flags.Policy.DecideAsync(Issue, [], Cancel)).Route == SiteMonitor.Core.Issues.Logic.Unified);
        Assert.Equal(SiteMonitor.Core.Issues.Logic.Unified, (await _flags.Policy.DecideAsync(Issue, ["beta-test"], Cancel)).Route);
    }

    [Fact]
    public async Task A_Switched_Off_Flag_Keeps_Its_Variant_Whatever_That_Overrides()
    {
        _flags.With("""
            {"id":"LegacyCommands","enabled":false,"variants":[{"name":"removed","status_override":"Bogus"}],
              "allocation":{"default_when_disabled":"removed"}}
            """);

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.Equal("removed", await new FlagEvaluator(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance)
            .VariantAsync(snapshot, FlagNames.LegacyCommands, Cancel));
    }

    [Theory]
    [InlineData("\"20\"", "20 %")]
    [InlineData("\" 2e1 \"", "20 %")]
    [InlineData("\"33.5\"", "33.5 %")]
    [InlineData("\"0\"", "label beta-test")]
    public async Task A_Percentage_That_Is_Text_Is_The_Figure_It_Says(string percentage, string shown)
    {
        _flags.With($$"""
            {"id":"UnifiedPipeline","enabled":true,"conditions":{"client_filters":[
              {"name":"SiteMonitor.IssueLabel","parameters":{"Labels":["beta-test"]} },
              {"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":{{percentage}}} } }]} }
            """);

        FlagSnapshot snapshot = await _flags.Source.CurrentAsync(Cancel);

        Assert.Empty(_flags.Source.Health.Warnings);
        Assert.EndsWith(shown, snapshot.GetSetting(FlagNames.UnifiedPipeline).ToString(), StringComparison.Ordinal);
    }

    private static Task<bool> IsOnAsync(FlagSnapshot snapshot, string flag) =>
        new SiteMonitor.Integrations.FeatureFlags.FlagEvaluator(TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance)
            .IsOnAsync(snapshot, flag, flag == FlagNames.UnifiedPipeline ? new SiteMonitor.Integrations.FeatureFlags.IssueTargetingContext(Issue, []) : null, Cancel);
}
