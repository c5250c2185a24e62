using System.Text;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;
using DurableTask.Sqlite.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Integrations.Storage;

[Collection(SharedAzurite.Name)]
public sealed class BlobRunLedgerTests(Azurite azurite)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Record_Comes_Back_As_It_Was_Written()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        RunRecord record = Records.Run(7, RunOutcome.Failed) with { ReasonCode = "github-not-found", Reason = "Issue „Ä“ is gone.", Specialists = ["threat-hunter"] };

        Assert.True(await Open(options).AppendAsync(record, Stop));

        RunRecord read = Assert.Single(await ReadAsync(Open(options), new LedgerQuery()));
        Assert.Equal(LedgerJson.Write(record), LedgerJson.Write(read));
    }

    [Fact]
    public async Task The_Same_Record_Again_Is_Not_Written_By_This_Instance_Or_Another()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        BlobRunLedger one = Open(options);
        RunRecord record = Records.Run(1);

        bool first = await one.AppendAsync(record, Stop);
        bool again = await one.AppendAsync(record, Stop);
        bool elsewhere = await Open(options).AppendAsync(record, Stop);

        Assert.Equal((true, false, false), (first, again, elsewhere));
        Assert.Single(await ReadAsync(one, new LedgerQuery()));
    }

    [Fact]
    public async Task Instances_That_Race_Each_Other_Write_Every_Record_Once()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        BlobRunLedger[] instances = [.. Enumerable.Range(0, 4).Select(_ => Open(options))];
        RunRecord[] records = [.. Enumerable.Range(1, 25).Select(i => Records.Run(i))];

        bool[] written = await Task.WhenAll(instances.SelectMany(instance => records.Select(record => instance.AppendAsync(record, Stop))));

        Assert.Equal(25, written.Count(w => w));
        foreach (BlobRunLedger ledger in instances.Append(Open(options)))
        {
            Assert.Equal(records.Select(r => r.RunId).Order(), (await ReadAsync(ledger, new LedgerQuery())).Select(r => r.RunId).Order());
        }
    }

    [Fact]
    public async Task Each_Condition_Narrows_And_Order_And_Limit_Go_Across_Days()
    {
        BlobRunLedger ledger = Open(await azurite.OptionsAsync());
        RunRecord[] records =
        [
            Records.Run(1, hoursAgo: 80), Records.Run(2, hoursAgo: 50) with { Phase = "half" }, Records.Command("process-issues", "available", 26), Records.Run(1, hoursAgo: 3), Records.Run(3, hoursAgo: 1),
        ];
        foreach (RunRecord record in records.Reverse())
        {
            await ledger.AppendAsync(record, Stop);
        }

        Assert.Equal(records.Select(r => r.RunId), await IdsAsync(ledger, new LedgerQuery()));
        Assert.Equal([records[4].RunId, records[3].RunId, records[2].RunId], await IdsAsync(ledger, new LedgerQuery(NewestFirst: true, Limit: 3)));
        Assert.Equal([records[1].RunId, records[2].RunId], await IdsAsync(ledger, new LedgerQuery(From: records[1].Started, To: records[3].Started)));
        Assert.Equal([records[0].RunId, records[3].RunId], await IdsAsync(ledger, new LedgerQuery(Issue: "o/r#1")));
        Assert.Equal([records[1].RunId], await IdsAsync(ledger, new LedgerQuery(Phase: "half")));
        Assert.Equal([records[2].RunId], await IdsAsync(ledger, new LedgerQuery(Kind: RunKind.Command)));
    }

    [Fact]
    public async Task What_Another_Instance_Writes_Is_Seen_At_The_Next_Question()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        (BlobRunLedger reader, BlobRunLedger writer) = (Open(options), Open(options));

        Assert.Empty(await ReadAsync(reader, new LedgerQuery()));
        await writer.AppendAsync(Records.Run(1), Stop);
        Assert.Single(await ReadAsync(reader, new LedgerQuery()));
        await writer.AppendAsync(Records.Run(2), Stop);
        Assert.Equal(2, (await ReadAsync(reader, new LedgerQuery())).Count);
    }

    [Fact]
    public async Task A_Line_That_Cannot_Be_Read_Is_Left_Out_And_Said_And_The_Day_Goes_On()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        await Open(options).AppendAsync(Records.Run(1), Stop);
        await SpoilAsync(options, "{ not json\n{}\nnull\n");
        using ListLoggerProvider said = new();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(said));
        using BlobRunLedger ledger = new(new LedgerContainer(options), loggers.CreateLogger<BlobRunLedger>());

        Assert.True(await ledger.AppendAsync(Records.Run(2), Stop));

        Assert.Equal(2, (await ReadAsync(ledger, new LedgerQuery())).Count);
        IReadOnlyList<string> lines = said.Of(typeof(BlobRunLedger).FullName!);
        Assert.Equal(3, lines.Count);
        Assert.Contains("line 4 cannot be read and is left out (3 such in this blob so far)", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Storage_That_Is_Down_Is_A_Transient_Failure_That_Names_The_Setting()
    {
        LedgerOptions options = new() { ConnectionString = "AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a", RequestTimeout = TimeSpan.FromSeconds(1) };

        TransientFailureException failure = await Assert.ThrowsAsync<TransientFailureException>(() => Open(options).AppendAsync(Records.Run(1), Stop));

        Assert.Equal("storage-unreachable", failure.Code);
        Assert.Contains("Ledger:BlobServiceUri", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("YQ==", failure.ToString(), StringComparison.Ordinal);
    }

    private static async Task SpoilAsync(LedgerOptions options, string text)
    {
        BlobContainerClient container = new BlobServiceClient(options.ConnectionString).GetBlobContainerClient(options.Container);
        string name = (await container.GetBlobsAsync(cancellationToken: Stop).FirstAsync(Stop)).Name;
        await container.GetAppendBlobClient(name).AppendBlockAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), cancellationToken: Stop);
    }

    private static BlobRunLedger Open(LedgerOptions options) => new(new LedgerContainer(options), NullLogger<BlobRunLedger>.Instance);

    private static async Task<List<RunRecord>> ReadAsync(BlobRunLedger ledger, LedgerQuery query) => await ledger.QueryAsync(query, Stop).ToListAsync(Stop);

    private static async Task<IEnumerable<string>> IdsAsync(BlobRunLedger ledger, LedgerQuery query) => (await ReadAsync(ledger, query)).Select(r => r.RunId);
}
