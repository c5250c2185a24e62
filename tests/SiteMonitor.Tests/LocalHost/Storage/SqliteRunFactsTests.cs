using Microsoft.Data.Sqlite;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Storage;
using SiteMonitor.Tests.Core.Ledger;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.LocalHost.Storage;

/// <summary>Figures are read from facts beside the ledger; they are what the ledger itself says, whoever wrote it and in whatever order.</summary>
public sealed class SqliteRunFactsTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 12, 7, 5, TimeSpan.Zero);
    private static readonly DateTimeOffset Begin = Now.AddDays(-100);
    private readonly string _directory = Directory.CreateTempSubdirectory("ledger").FullName;
    private readonly LocalDatabase _database;

    public SqliteRunFactsTests() => _database = new LocalDatabase(Path.Combine(_directory, "site-monitor.db"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Release();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(2, 300)]
    [InlineData(3, 1)]
    public async Task Every_Figure_Is_What_The_Records_Say_While_Two_Write(int seed, int factsKept)
    {
        IReadOnlyList<RunRecord> records = OddLedger.Create(seed, 1200, Begin, Now);
        using SqliteRunLedger one = new(_database, factsKept);
        using SqliteRunLedger other = new(_database, factsKept);
        for (int i = 0; i < records.Count; i++)
        {
            await (i % 3 == 0 ? other : one).AppendAsync(records[i], Cancel);
            if (i % 200 == 150)
            {
                Assert.Equal(await LedgerFigures.OfAsync(records.Take(i + 1), Now), await LedgerFigures.ReadAsync(one, Now));
            }
        }

        string expected = await LedgerFigures.OfAsync(records, Now);
        using SqliteRunLedger afterRestart = new(_database, factsKept);
        Assert.Equal(expected, await LedgerFigures.ReadAsync(one, Now));
        Assert.Equal(expected, await LedgerFigures.ReadAsync(other, Now));
        Assert.Equal(expected, await LedgerFigures.ReadAsync(afterRestart, Now));
    }

    [Theory]
    [InlineData(10_000)]
    [InlineData(40)]
    public async Task Every_Query_Returns_The_Facts_Of_The_Records_It_Selects(int factsKept)
    {
        using SqliteRunLedger ledger = new(_database, factsKept);
        Random random = new(3);
        int recorded = 0;
        foreach (RunRecord record in OddLedger.Create(5, 500, Begin, Now))
        {
            await ledger.AppendAsync(record, Cancel);
            if (++recorded % 10 == 0)
            {
                LedgerQuery query = CreateQuery(random);
                Assert.Equal(await ledger.QueryAsync(query, Cancel).Select(r => r.RunId).ToListAsync(Cancel),
                    (await ledger.ReadFactsAsync(query, Cancel)).Select(r => r.RunId));
            }
        }
    }

    [Theory]
    [InlineData("DROP TABLE {0}")]
    [InlineData("DELETE FROM {0} WHERE position % 3 = 0")]
    [InlineData("INSERT INTO {0} (started, facts) SELECT started, facts FROM {0}")]
    public async Task Facts_That_Do_Not_Cover_The_Ledger_Are_Derived_From_It_Again(string damage)
    {
        IReadOnlyList<RunRecord> records = OddLedger.Create(6, 300, Begin, Now);
        await AppendAsync(records);
        Execute(string.Format(System.Globalization.CultureInfo.InvariantCulture, damage, LocalDatabase.FactsTable));

        using SqliteRunLedger ledger = new(new LocalDatabase(_database.Path));

        Assert.Equal(await LedgerFigures.OfAsync(records, Now), await LedgerFigures.ReadAsync(ledger, Now));
    }

    /// <summary>A process that dies between the two inserts leaves what a failed second insert leaves: neither.</summary>
    [Fact]
    public async Task A_Record_And_Its_Facts_Are_Written_Together_Or_Not_At_All()
    {
        IReadOnlyList<RunRecord> records = OddLedger.Create(7, 20, Begin, Now);
        await AppendAsync(records.Take(10));
        Execute($"CREATE TRIGGER crash BEFORE INSERT ON {LocalDatabase.FactsTable} BEGIN SELECT RAISE(ABORT, 'killed'); END");
        using SqliteRunLedger ledger = new(_database);
        await Assert.ThrowsAsync<SqliteException>(() => ledger.AppendAsync(records[10], Cancel));
        Assert.Equal(10, await ledger.QueryAsync(new LedgerQuery(), Cancel).CountAsync(Cancel));

        Execute("DROP TRIGGER crash");
        await AppendAsync(records.Skip(10));

        Assert.Equal(await LedgerFigures.OfAsync(records, Now), await LedgerFigures.ReadAsync(ledger, Now));
    }

    [Fact]
    public async Task The_Same_Record_Again_Adds_No_Facts()
    {
        IReadOnlyList<RunRecord> records = OddLedger.Create(8, 50, Begin, Now);
        await AppendAsync(records);
        await AppendAsync(records);
        using SqliteRunLedger ledger = new(_database);

        Assert.Equal(50, (await ledger.ReadFactsAsync(new LedgerQuery(From: Begin), Cancel)).Count);
    }

    private static LedgerQuery CreateQuery(Random random) => new(
        From: random.Next(6) == 0 ? null : Begin.AddHours(random.Next(0, 2400)),
        To: random.Next(2) == 0 ? null : Begin.AddHours(random.Next(0, 2400)),
        Kind: random.Next(3) == 0 ? RunKind.Command : null,
        Phase: random.Next(3) == 0 ? "half" : null,
        Limit: random.Next(3) == 0 ? 5 : null,
        NewestFirst: random.Next(2) == 0);

    private async Task AppendAsync(IEnumerable<RunRecord> records)
    {
        using SqliteRunLedger ledger = new(_database);
        foreach (RunRecord record in records)
        {
            await ledger.AppendAsync(record, Cancel);
        }
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = _database.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
