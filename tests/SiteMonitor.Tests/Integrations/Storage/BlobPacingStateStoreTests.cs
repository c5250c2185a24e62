using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Pacing;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.Tests.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.Storage;

[Collection(SharedAzurite.Name)]
public sealed class BlobPacingStateStoreTests(Azurite azurite) : PacingStateStoreContract
{
    private LedgerOptions? _options;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal override async Task<IPacingStateStore> OpenAsync() =>
        new BlobPacingStateStore(new LedgerContainer(_options ??= await azurite.OptionsAsync()));

    [Fact]
    public async Task A_Save_Whose_Answer_Got_Lost_Is_One_That_Another_Process_Was_First_With()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        await using var line = await LossyProxy.StartAsync(options);
        BlobPacingStateStore store = new(new LedgerContainer(line.Options));
        await store.ReadAsync("c", Stop);
        line.LoseAnswers(1);

        Assert.Null(await store.TrySaveAsync("c", new PacingState { Slots = [1] }, null, Stop));

        Assert.Equal(1, line.Lost);
        Assert.Equal([1L], (await store.ReadAsync("c", Stop)).State.Slots);
    }

    [Fact]
    public async Task A_Damaged_Record_Counts_As_None_And_Is_Replaced()
    {
        IPacingStateStore store = await OpenAsync();
        await new VersionedBlob(new LedgerContainer(_options!), "pacing/c.json").TryWriteAsync("not JSON", null, Stop);

        VersionedPacingState read = await store.ReadAsync("c", Stop);

        Assert.Empty(read.State.Slots);
        Assert.NotNull(await store.TrySaveAsync("c", read.State, read.Version, Stop));
    }

    [Fact]
    public async Task Without_Storage_The_Failure_Says_So_And_May_Pass()
    {
        LedgerOptions down = new()
        {
            ConnectionString = "AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a",
            RequestTimeout = TimeSpan.FromSeconds(1),
        };

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(
            () => new BlobPacingStateStore(new LedgerContainer(down)).ReadAsync("c", Stop));

        Assert.Equal("storage-unreachable", failure.Code);
    }
}
