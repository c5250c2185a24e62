using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Rollout.Flags;
using SiteMonitor.Integrations.FeatureFlags;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Integrations.Storage;

/// <summary>Comparisons, the model's answers and the last known flags in blobs.</summary>
[Collection(SharedAzurite.Name)]
public sealed class BlobStoresTests(Azurite azurite)
{
    private static readonly LedgerOptions Down = new() { ConnectionString = "AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a", RequestTimeout = TimeSpan.FromSeconds(1) };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Comparisons_Come_Back_Oldest_First_Each_Once()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        BlobComparisonLog log = new(new LedgerContainer(options), NullLogger<BlobComparisonLog>.Instance);
        await log.AppendAsync("b", "parallel", Compared("o/r#2", -1), Stop);
        await log.AppendAsync("a", "parallel", Compared("o/r#1", -30), Stop);
        await log.AppendAsync("a", "parallel", Compared("o/r#1", -30), Stop);
        await log.AppendAsync("old", "parallel", Compared("o/r#0", -100), Stop);

        IReadOnlyList<IssueComparison> found = await new BlobComparisonLog(new LedgerContainer(options), NullLogger<BlobComparisonLog>.Instance).QueryAsync(Records.Now.AddHours(-48), Stop);

        Assert.Equal(["o/r#1", "o/r#2"], found.Select(c => c.Issue));
        Assert.Equal(DifferenceClassification.Unexplained, found[0].Class);
    }

    [Fact]
    public async Task An_Answer_Of_The_Model_Is_Found_By_Every_Instance()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        Assert.Null(await Cache(options).FindAsync("k", Stop));

        await Cache(options).StoreAsync("k", """{"a":1}""", Stop);
        await Cache(options).StoreAsync("k", """{"a":2}""", Stop);

        Assert.Equal("""{"a":2}""", await Cache(options).FindAsync("k", Stop));
    }

    [Fact]
    public async Task A_Cache_That_Is_Down_Is_An_Empty_One()
    {
        await Cache(Down).StoreAsync("k", "{}", Stop);

        Assert.Null(await Cache(Down).FindAsync("k", Stop));
    }

    [Fact]
    public async Task The_Last_Known_Flags_Survive_The_Instance()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        Assert.Null(await Flags(options).LoadAsync(Stop));
        FlagSnapshot snapshot = new([await FlagReader.ReadAsync("UnifiedPipeline", """{"id":"UnifiedPipeline","enabled":true}""", "e1")], Records.Now);

        await Flags(options).SaveAsync(snapshot, Stop);

        FlagSnapshot loaded = (await Flags(options).LoadAsync(Stop))!;
        Assert.Equal((snapshot.Revision, "e1"), (loaded.Revision, loaded.Find("UnifiedPipeline")!.ETag));
    }

    [Fact]
    public async Task Without_Storage_No_Flags_Are_Known_And_Nothing_Is_Thrown()
    {
        await Flags(Down).SaveAsync(FlagSnapshot.None, Stop);

        Assert.Null(await Flags(Down).LoadAsync(Stop));
    }

    private static BlobAnalysisCache Cache(LedgerOptions options) => new(new LedgerContainer(options), NullLogger<BlobAnalysisCache>.Instance);

    private static BlobLastKnownFlags Flags(LedgerOptions options) => new(new LedgerContainer(options), NullLogger<BlobLastKnownFlags>.Instance);

    private static IssueComparison Compared(string issue, double hours)
    {
        static SideDecision Side(Logic logic) => new() { Logic = logic, Outcome = "assigned", Labels = [], Assignees = [], Specialists = [] };
        return new IssueComparison(issue, Records.Now.AddHours(hours), Side(Logic.Unified), Side(Logic.Legacy), [new Difference(ComparedField.Labels, "a", "b", string.Empty, DifferenceClassification.Unexplained)]);
    }
}
