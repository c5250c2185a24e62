using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging.Abstractions;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.Storage;
using SiteMonitor.Tests.Core.Ledger;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Integrations.Storage;

/// <summary>Figures are read from facts of each day; they are what the ledger itself says, whoever wrote it and whatever became of the facts.</summary>
[Collection(SharedAzurite.Name)]
public sealed class BlobRunFactsTests(Azurite azurite)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 12, 7, 5, TimeSpan.Zero);
    private static readonly DateTimeOffset Begin = Now.AddDays(-9);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(2, 30)]
    public async Task Every_Figure_Is_What_The_Records_Say_While_Several_Instances_Write(int seed, int factsKept)
    {
        LedgerOptions options = await azurite.OptionsAsync();
        IReadOnlyList<RunRecord> records = OddLedger.Create(seed, 160, Begin, Now);
        BlobRunLedger[] instances = [.. Enumerable.Range(0, 3).Select(_ => Open(options, factsKept))];
        for (int i = 0; i < records.Count; i += 40)
        {
            // Late records of days that were past and summarized come in with each batch.
            await Task.WhenAll(records.Skip(i).Take(40).Select((record, n) => instances[n % 3].AppendAsync(record, Stop)));
            Assert.Equal(await LedgerFigures.OfAsync(records.Take(i + 40), Now), await LedgerFigures.ReadAsync(instances[i / 40 % 3], Now));
        }

        string expected = await LedgerFigures.OfAsync(records, Now);
        foreach (BlobRunLedger ledger in instances.Append(Open(options, factsKept)))
        {
            Assert.Equal(expected, await LedgerFigures.ReadAsync(ledger, Now));
        }
    }

    [Fact]
    public async Task Facts_Of_A_Day_That_Are_Damaged_Missing_Or_Of_Another_Ledger_Change_No_Figure()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        IReadOnlyList<RunRecord> records = OddLedger.Create(3, 120, Begin, Now);
        await AppendAsync(options, records);
        string expected = await LedgerFigures.OfAsync(records, Now);
        Assert.Equal(expected, await LedgerFigures.ReadAsync(Open(options), Now));
        BlobContainerClient container = new BlobServiceClient(options.ConnectionString).GetBlobContainerClient(options.Container);
        List<string> names = await container.GetBlobsAsync(new GetBlobsOptions { Prefix = "facts/" }, Stop).Select(b => b.Name).ToListAsync(Stop);
        Assert.True(names.Count >= 5);

        byte[] first = (await container.GetBlobClient(names[0]).DownloadContentAsync(Stop)).Value.Content.ToArray();
        await UploadAsync(container, names[0], first[..(first.Length / 2)]);
        await UploadAsync(container, names[1], []);
        await UploadAsync(container, names[2], [.. BitConverter.GetBytes(long.MaxValue), .. first.AsSpan(8)]);
        await container.DeleteBlobAsync(names[3], cancellationToken: Stop);

        Assert.Equal(expected, await LedgerFigures.ReadAsync(Open(options), Now));
        Assert.Equal(first, (await container.GetBlobClient(names[0]).DownloadContentAsync(Stop)).Value.Content.ToArray());
        Assert.True(await container.GetBlobClient(names[3]).ExistsAsync(Stop));
    }

    /// <summary>The facts of past days are read instead of their records: a mark in the stored facts is seen in the answer.</summary>
    [Fact]
    public async Task The_Records_Of_A_Past_Day_Are_Not_Read_Again_After_A_Restart()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        RunRecord old = Records.Run(1, hoursAgo: 90);
        await AppendAsync(options, [old, Records.Run(2)]);
        await FactsAsync(Open(options));
        BlobContainerClient container = new BlobServiceClient(options.ConnectionString).GetBlobContainerClient(options.Container);
        string name = (await container.GetBlobsAsync(new GetBlobsOptions { Prefix = "facts/" }, Stop).SingleAsync(Stop)).Name;
        byte[] facts = (await container.GetBlobClient(name).DownloadContentAsync(Stop)).Value.Content.ToArray();
        string text = System.Text.Encoding.Latin1.GetString(facts).Replace("o/r#1", "o/r#7", StringComparison.Ordinal);
        await UploadAsync(container, name, System.Text.Encoding.Latin1.GetBytes(text));

        Assert.Equal(["o/r#7", "o/r#2"], (await FactsAsync(Open(options))).Select(f => f.Issue));

        // A later line of the same day is added to them.
        await AppendAsync(options, [old with { RunId = "late", Started = old.Started.AddMinutes(1), Issue = "o/r#3" }]);
        Assert.Equal(["o/r#7", "o/r#3", "o/r#2"], (await FactsAsync(Open(options))).Select(f => f.Issue));
    }

    [Fact]
    public async Task An_Issue_And_A_Run_Are_Found_Among_Many_Days()
    {
        LedgerOptions options = await azurite.OptionsAsync();
        IReadOnlyList<RunRecord> records = OddLedger.Create(4, 100, Begin, Now);
        await AppendAsync(options, records);
        BlobRunLedger ledger = Open(options);

        foreach (RunRecord record in records.Where(r => r.Issue.Length > 0).Take(20))
        {
            Assert.Equal(record.RunId, (await ledger.QueryAsync(new LedgerQuery(RunId: record.RunId), Stop).SingleAsync(Stop)).RunId);
            Assert.Equal(records.Where(r => r.Issue == record.Issue).OrderByDescending(r => r.Started).Take(2).Select(r => r.RunId),
                await ledger.QueryAsync(new LedgerQuery(Issue: record.Issue, NewestFirst: true, Limit: 2), Stop).Select(r => r.RunId).ToListAsync(Stop));
        }
    }

    private static async Task AppendAsync(LedgerOptions options, IEnumerable<RunRecord> records)
    {
        using BlobRunLedger ledger = Open(options);
        foreach (RunRecord record in records)
        {
            await ledger.AppendAsync(record, Stop);
        }
    }

    private static Task<IReadOnlyList<IRunFacts>> FactsAsync(BlobRunLedger ledger) =>
        ledger.ReadFactsAsync(new LedgerQuery(From: Records.Now.AddDays(-30)), Stop);

    private static async Task UploadAsync(BlobContainerClient container, string name, byte[] bytes) =>
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Stop);

    private static BlobRunLedger Open(LedgerOptions options, int factsKept = 10_000) =>
        new(new LedgerContainer(options), NullLogger<BlobRunLedger>.Instance, factsKept);
}
