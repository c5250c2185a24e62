using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Integrations.Storage;

[Collection(SharedAzurite.Name)]
public sealed class BlobRolloutStoreTests(Azurite azurite)
{
    private static readonly RolloutState Begun = RolloutState.Start("development", Records.Now);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task There_Is_No_State_Before_The_First_Save_And_Only_One_First_Save()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        (BlobRolloutStore one, BlobRolloutStore other) = (Open(options), Open(options));

        Assert.Null(await one.ReadAsync(Stop));
        string?[] versions = [await one.SaveAsync(Begun, [Entry(1)], null, Stop), await other.SaveAsync(Begun, [Entry(1)], null, Stop)];

        Assert.NotNull(versions[0]);
        Assert.Null(versions[1]);
        Assert.Equal(versions[0], (await other.ReadAsync(Stop))!.Version);
    }

    [Fact]
    public async Task Of_Two_Who_Read_The_Same_Version_Only_One_Saves()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        BlobRolloutStore store = Open(options);
        string version = (await store.SaveAsync(Begun, [Entry(1)], null, Stop))!;
        RolloutState advanced = Begun with { Phase = "soft-launch", LastSequence = 2 };

        string?[] saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Open(options).SaveAsync(advanced with { IncidentCount = i }, [Entry(2, $"operator {i}")], version, Stop)));

        string won = Assert.Single(saved, v => v is not null)!;
        StoredState stored = (await store.ReadAsync(Stop))!;
        Assert.Equal((won, "soft-launch"), (stored.Version, stored.State.Phase));
        AuditEntry[] audit = [.. await store.ReadAuditAsync(10, Stop)];
        Assert.Equal([1, 2], audit.Select(e => e.Sequence));
        Assert.Equal($"operator {stored.State.IncidentCount}", audit[1].Who);
    }

    [Fact]
    public async Task The_Audit_Log_Keeps_Every_Entry_In_Order_Once()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        string? version = null;
        for (int i = 0; i < 6; i++)
        {
            // Another instance each time: what one has saved the next one moves to the log.
            version = await Open(options).SaveAsync(Begun with { LastSequence = (2 * i) + 2 }, [Entry((2 * i) + 1), Entry((2 * i) + 2)], version, Stop);
        }

        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), (await Open(options).ReadAuditAsync(100, Stop)).Select(e => e.Sequence));
        Assert.Equal([10, 11, 12], (await Open(options).ReadAuditAsync(3, Stop)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_Stale_Version_Saves_Neither_State_Nor_Entries()
    {
        BlobRolloutStore store = Open(await azurite.OptionsAsync());
        string first = (await store.SaveAsync(Begun, [Entry(1)], null, Stop))!;
        await store.SaveAsync(Begun with { Phase = "half" }, [Entry(2)], first, Stop);

        Assert.Null(await store.SaveAsync(Begun with { Phase = "full" }, [Entry(3)], first, Stop));
        Assert.Equal("half", (await store.ReadAsync(Stop))!.State.Phase);
        Assert.Equal([1, 2], (await store.ReadAuditAsync(10, Stop)).Select(e => e.Sequence));
    }

    [Fact]
    public async Task A_Save_Whose_Answer_Got_Lost_Is_One()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        await using var line = await LossyProxy.StartAsync(options);
        BlobRolloutStore store = Open(line.Options);
        line.LoseAnswers(1);
        string? first = await store.SaveAsync(Begun, [Entry(1)], null, Stop);
        line.LoseAnswers(1);

        string? second = await store.SaveAsync(Begun with { Phase = "half" }, [Entry(2)], first, Stop);

        Assert.Equal(2, line.Lost);
        Assert.NotNull(first);
        Assert.Equal((second, "half"), ((await store.ReadAsync(Stop))!.Version, (await store.ReadAsync(Stop))!.State.Phase));
        Assert.Equal([1, 2], (await store.ReadAuditAsync(10, Stop)).Select(e => e.Sequence));
    }

    private static BlobRolloutStore Open(LedgerOptions options) => new(new LedgerContainer(options), NullLogger<BlobRolloutStore>.Instance);

    private static AuditEntry Entry(long sequence, string who = "kim") => new() { Sequence = sequence, At = Records.Now, Who = who, What = "advance", Phase = "development" };
}
