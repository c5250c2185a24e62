using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Storage;

namespace SiteMonitor.Tests.LocalHost.Storage;

/// <summary>What figures are read from is what the file holds, whoever wrote it and in whatever order.</summary>
public sealed class SqliteLedgerCacheTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("ledger").FullName;
    private readonly LocalDatabase _database;

    public SqliteLedgerCacheTests() => _database = new LocalDatabase(Path.Combine(_directory, "site-monitor.db"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Release();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Every_Query_Answers_What_A_Ledger_Without_A_Cache_Answers()
    {
        using SqliteRunLedger cached = new(_database);
        using SqliteRunLedger other = new(_database);
        Random random = new(3);
        for (int i = 0; i < 400; i++)
        {
            // Two writers, starts out of order, and queries in between.
            await (random.Next(2) == 0 ? cached : other).AppendAsync(Record(i, Noon.AddMinutes(random.Next(0, 600))), Cancel);
            if (i % 10 == 0)
            {
                LedgerQuery query = RandomQuery(random);
                using SqliteRunLedger fresh = new(_database);
                Assert.Equal(await IdsAsync(fresh, query), await IdsAsync(cached, query));
            }
        }
    }

    [Fact]
    public async Task A_Span_That_Reaches_Further_Back_Is_Read_From_The_File()
    {
        using SqliteRunLedger ledger = new(_database);
        await ledger.AppendAsync(Record(1, Noon), Cancel);
        await ledger.AppendAsync(Record(2, Noon.AddHours(2)), Cancel);

        Assert.Equal(["run-2"], await IdsAsync(ledger, new LedgerQuery(From: Noon.AddHours(1))));
        Assert.Equal(["run-1", "run-2"], await IdsAsync(ledger, new LedgerQuery(From: Noon)));
    }

    [Fact]
    public async Task A_Reader_Keeps_Its_Records_While_Others_Are_Added()
    {
        using SqliteRunLedger ledger = new(_database);
        for (int i = 0; i < 100; i++)
        {
            await ledger.AppendAsync(Record(i, Noon.AddMinutes(i)), Cancel);
        }

        int seen = 0;
        await foreach (RunRecord record in ledger.QueryAsync(new LedgerQuery(From: Noon), Cancel))
        {
            Assert.Equal($"run-{seen++}", record.RunId);
            await ledger.AppendAsync(Record(1000 + seen, Noon.AddSeconds(seen)), Cancel);
        }

        Assert.Equal(100, seen);
        Assert.Equal(200, (await IdsAsync(ledger, new LedgerQuery(From: Noon))).Count);
    }

    private static LedgerQuery RandomQuery(Random random) => new(
        From: Noon.AddMinutes(random.Next(0, 600)),
        To: random.Next(2) == 0 ? null : Noon.AddMinutes(random.Next(0, 600)),
        Kind: random.Next(3) == 0 ? RunKind.Command : null,
        Phase: random.Next(3) == 0 ? "half" : null,
        Limit: random.Next(3) == 0 ? 5 : null,
        NewestFirst: random.Next(2) == 0);

    private static async Task<IReadOnlyList<string>> IdsAsync(SqliteRunLedger ledger, LedgerQuery query)
    {
        List<string> ids = [];
        await foreach (RunRecord record in ledger.QueryAsync(query, Cancel))
        {
            ids.Add(record.RunId);
        }

        return ids;
    }

    private static RunRecord Record(int number, DateTimeOffset started) => new()
    {
        Kind = number % 7 == 0 ? RunKind.Command : RunKind.Run,
        RunId = $"run-{number}",
        Issue = "octo-org/watchtower#1",
        Trigger = TriggerNames.Manual,
        Phase = number % 2 == 0 ? "half" : "full",
        Outcome = RunOutcome.Succeeded,
        Started = started,
        Ended = started.AddSeconds(5),
    };
}
