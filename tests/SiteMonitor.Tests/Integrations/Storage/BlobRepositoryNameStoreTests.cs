using System.Text.Json;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.Storage;

namespace SiteMonitor.Tests.Integrations.Storage;

[Collection(SharedAzurite.Name)]
public sealed class BlobRepositoryNameStoreTests(Azurite azurite)
{
    private static readonly KnownRepository One = new("R_1", "acme/one", ["acme/one"]);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task There_Are_No_Names_Before_The_First_Save_And_Only_One_First_Save()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        Assert.Null(await Open(options).ReadAsync(Stop));

        bool[] saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Open(options).SaveAsync([One], null, Stop)));

        Assert.Single(saved, isSaved => isSaved);
        Assert.Equivalent(One, Assert.Single((await Open(options).ReadAsync(Stop))!.Repositories), strict: true);
    }

    [Fact]
    public async Task Of_Those_Who_Read_The_Same_Version_Only_One_Saves()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        await Open(options).SaveAsync([One], null, Stop);
        string version = (await Open(options).ReadAsync(Stop))!.Version;

        bool[] saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Open(options).SaveAsync([One with { Names = ["acme/one", $"acme/name-{i}"] }], version, Stop)));

        int winner = Array.IndexOf(saved, true);
        Assert.Single(saved, isSaved => isSaved);
        Assert.Equal(["acme/one", $"acme/name-{winner}"], Assert.Single((await Open(options).ReadAsync(Stop))!.Repositories).Names);
        Assert.False(await Open(options).SaveAsync([], version, Stop));
        Assert.False(await Open(options).SaveAsync([], null, Stop));
    }

    [Fact]
    public async Task Instances_That_See_Different_Repositories_At_Once_Record_Them_All()
    {
        LedgerOptions options = await azurite.OptionsAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => RecordAsync(Names(options), $"R_{i}", $"acme/repo-{i}", $"acme/repo-{i}")));

        IReadOnlyList<KnownRepository> stored = (await Open(options).ReadAsync(Stop))!.Repositories;
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"acme/repo-{i}"), stored.Select(r => r.Key).Order());
    }

    [Fact]
    public async Task Instances_That_See_One_Repository_By_Different_Names_At_Once_Agree_On_Its_Key()
    {
        LedgerOptions options = await azurite.OptionsAsync();

        RepositoryRef[] keys = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            RecordAsync(Names(options), "R_1", "acme/watch", i % 2 == 0 ? "acme/old" : "acme/watch")));

        string key = Assert.Single((await Open(options).ReadAsync(Stop))!.Repositories).Key;
        Assert.Equal(key, Assert.Single(keys.Distinct()).Canonical);
    }

    [Fact]
    public async Task A_Save_Whose_Answer_Got_Lost_Leaves_The_Repository_Once()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        await using var line = await LossyProxy.StartAsync(options);
        line.LoseAnswers(1);

        RepositoryRef key = await RecordAsync(Names(line.Options), "R_1", "acme/watch", "acme/old");

        Assert.Equal(1, line.Lost);
        Assert.Equal("acme/old", key.Canonical);
        Assert.Single((await Open(options).ReadAsync(Stop))!.Repositories);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("""[{"nodeId":"R_1","key":"acme/one","names":[]}]""")]
    public async Task A_Damaged_Blob_Stops_Nobody_And_Is_Left_As_It_Is(string content)
    {
        LedgerOptions options = await azurite.OptionsAsync();
        VersionedBlob blob = new(new LedgerContainer(options), "repositories.json");
        await blob.TryWriteAsync(content, null, Stop);
        RepositoryNames names = Names(options);

        await Assert.ThrowsAsync<JsonException>(() => Open(options).ReadAsync(Stop));
        Assert.Equal("acme/one", (await RecordAsync(names, "R_1", "acme/one", "acme/one")).Canonical);

        Assert.True(names.IsDamaged);
        Assert.Equal(content, (await blob.ReadAsync(Stop))!.Value.Json);
    }

    [Fact]
    public async Task Without_Storage_The_Failure_Says_So_And_May_Pass()
    {
        LedgerOptions down = new()
        {
            ConnectionString = "AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a",
            RequestTimeout = TimeSpan.FromSeconds(1),
        };

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => Open(down).ReadAsync(Stop));

        Assert.Equal("storage-unreachable", failure.Code);
    }

    private static BlobRepositoryNameStore Open(LedgerOptions options) => new(new LedgerContainer(options));

    private static RepositoryNames Names(LedgerOptions options) => new(Open(options), TimeProvider.System);

    private static Task<RepositoryRef> RecordAsync(RepositoryNames names, string nodeId, string shown, string requested) =>
        names.RecordAsync(nodeId, RepositoryRef.Parse(shown), RepositoryRef.Parse(requested), Stop);
}
