using SiteMonitor.Core.Comparison;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.LocalHost.Storage;

namespace SiteMonitor.Tests.LocalHost.Storage;

public sealed class SqliteStorageTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);
    private readonly string _directory = Directory.CreateTempSubdirectory("ledger").FullName;
    private readonly LocalDatabase _database;

    public SqliteStorageTests() => _database = new LocalDatabase(Path.Combine(_directory, "site-monitor.db"));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Release();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_Record_Comes_Back_As_It_Was_Written()
    {
        var ledger = new SqliteRunLedger(_database);
        RunRecord record = Record("a") with
        {
            Stages = [new StageRecord(Stage.Analysis, Logic.Unified, RunOutcome.Succeeded, 1200)],
            Route = Logic.Unified,
            Usage = new Usage { GitHubWrites = 4, Dollars = 0.0123m },
            Specialists = ["osint-researcher"],
            ManualIntervention = true,
        };
        await ledger.AppendAsync(record, Cancel);

        RunRecord read = Assert.Single(await ListAsync(new LedgerQuery()));
        Assert.Equivalent(record, read, strict: true);
    }

    [Fact]
    public async Task A_Hundred_Appends_Of_One_Run_At_Once_Leave_One_Record()
    {
        var ledger = new SqliteRunLedger(_database);
        await Task.WhenAll(
            Enumerable.Range(0, 100).Select(
                i => Task.Run(() => ledger.AppendAsync(Record("same") with { Reason = $"{i}" }, Cancel), Cancel)));

        Assert.Single(await ListAsync(new LedgerQuery()));
    }

    [Fact]
    public async Task A_Query_Narrows_By_Window_Phase_Issue_And_Kind_And_Orders_By_Start()
    {
        var ledger = new SqliteRunLedger(_database);
        for (int i = 0; i < 10; i++)
        {
            await ledger.AppendAsync(
                Record($"r{i}") with
                {
                    Started = Noon.AddMinutes(9 - i),
                    Phase = i < 5 ? "half" : "full",
                    Issue = $"octo/watch#{i % 2}",
                    Kind = i == 9 ? RunKind.Completion : RunKind.Run,
                },
                Cancel);
        }

        Assert.Equal(["r5", "r4", "r3"], Ids(await ListAsync(new LedgerQuery(From: Noon.AddMinutes(4), To: Noon.AddMinutes(7)))));
        Assert.Equal(["r4", "r3", "r2", "r1", "r0"], Ids(await ListAsync(new LedgerQuery(Phase: "half"))));
        Assert.Equal(["r8", "r6"], Ids(await ListAsync(new LedgerQuery(Phase: "full", Issue: "octo/watch#0"))));
        Assert.Equal(["r9"], Ids(await ListAsync(new LedgerQuery(Kind: RunKind.Completion))));
        Assert.Equal(["r0", "r1"], Ids(await ListAsync(new LedgerQuery(NewestFirst: true, Limit: 2))));
    }

    [Fact]
    public async Task Of_Two_That_Save_On_The_Same_Version_One_Wins_With_Its_Audit_Entries()
    {
        var store = new SqliteRolloutStore(_database);
        var state = RolloutState.Start("development", Noon);
        Assert.Null(await store.ReadAsync(Cancel));
        string first = (await store.SaveAsync(state, [Entry(1)], null, Cancel))!;
        Assert.Null(await store.SaveAsync(state, [], null, Cancel));

        string?[] saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(i =>
            Task.Run(() => store.SaveAsync(state with { Phase = $"p{i}", LastSequence = 2 }, [Entry(2)], first, Cancel), Cancel)));

        Assert.Single(saved, v => v is not null);
        Assert.Equal([1L, 2L], (await store.ReadAuditAsync(100, Cancel)).Select(e => e.Sequence));
        StoredState read = (await store.ReadAsync(Cancel))!;
        Assert.Equal(saved.Single(v => v is not null), read.Version);
        Assert.StartsWith("p", read.State.Phase, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comparisons_Are_Kept_Once_By_Id()
    {
        var log = new SqliteComparisonLog(_database);
        SideDecision side = new() { Logic = Logic.Unified, Outcome = "assigned", Labels = ["x"], Assignees = [], Specialists = [] };
        var comparison = new IssueComparison(
            "octo/watch#1", Noon, side, side, [new Difference(
                ComparedField.Labels, "x", "x", "", DifferenceClassification.Accepted, "rule", "why")]);
        await log.AppendAsync("1", "parallel", comparison, Cancel);
        await log.AppendAsync("1", "parallel", comparison, Cancel);

        IssueComparison read = Assert.Single(await log.QueryAsync(Noon, Cancel));
        Assert.Equal(DifferenceClassification.Accepted, read.Class);
        Assert.Empty(await log.QueryAsync(Noon.AddSeconds(1), Cancel));
    }

    private static RunRecord Record(string id) =>
        new()
        {
            Kind = RunKind.Run,
            RunId = id,
            Issue = "octo/watch#1",
            Trigger = "webhook",
            Outcome = RunOutcome.Succeeded,
            Started = Noon,
            Ended = Noon.AddSeconds(3),
        };

    private static AuditEntry Entry(long sequence) =>
        new() { Sequence = sequence, At = Noon, Who = "ada", What = "advance", Phase = "development" };

    private static IEnumerable<string> Ids(IEnumerable<RunRecord> records) => records.Select(r => r.RunId);

    private async Task<List<RunRecord>> ListAsync(LedgerQuery query)
    {
        List<RunRecord> records = [];
        await foreach (RunRecord record in new SqliteRunLedger(_database).QueryAsync(query, Cancel))
        {
            records.Add(record);
        }

        return records;
    }
}
