using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Analysis;

public sealed class LedgerSuccessHistoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_Rate_Is_The_Share_Of_Merged_Among_Completed_Issues()
    {
        SuccessHistory history = await Read(Enumerable.Range(1, 10).SelectMany(i => Completed(i, merged: i <= 7, daysAgo: 5)));

        Assert.Equal(0.7, history.GetRate("osint-researcher", "domain-finding"));
        Assert.Null(history.GetRate("osint-researcher", "other"));
        Assert.Null(history.GetRate("target-profiler", "domain-finding"));
    }

    [Fact]
    public async Task Nine_Completed_Issues_Say_Nothing() =>
        Assert.Null((await Read(Enumerable.Range(1, 9).SelectMany(i => Completed(i, merged: true, daysAgo: 5)))).GetRate("osint-researcher", "domain-finding"));

    [Fact]
    public async Task Issues_Completed_More_Than_Ninety_Days_Ago_Do_Not_Count() =>
        Assert.Null((await Read(Enumerable.Range(1, 20).SelectMany(i => Completed(i, merged: true, daysAgo: 91)))).GetRate("osint-researcher", "domain-finding"));

    [Fact]
    public async Task An_Issue_Counts_Once_However_Often_Its_Completion_Was_Recorded()
    {
        RunRecord[] records = [.. Completed(1, merged: true, daysAgo: 5)];

        Assert.Null((await Read([records[0], .. Enumerable.Repeat(records[1], 12)])).GetRate("osint-researcher", "domain-finding"));
    }

    [Fact]
    public async Task A_Persons_Choice_Of_Another_Specialist_Counts_Instead_Of_The_Runs()
    {
        SuccessHistory history = await Read(Enumerable.Range(1, 10).SelectMany(i => Completed(i, merged: true, daysAgo: 5)
            .Append(Outcome(i, OutcomeCodes.SpecialistChanged) with { Specialists = ["target-profiler"] })));

        Assert.Equal(1, history.GetRate("target-profiler", "domain-finding"));
        Assert.Null(history.GetRate("osint-researcher", "domain-finding"));
    }

    [Fact]
    public async Task A_Pull_Request_That_Was_Closed_Unmerged_Counts_As_Not_Merged_And_Once()
    {
        SuccessHistory history = await Read(Enumerable.Range(1, 10).SelectMany(i => Completed(i, merged: true, daysAgo: 5)
            .Concat(i <= 4 ? [Outcome(i, OutcomeCodes.PullRequestClosed)] : [])));

        Assert.Equal(0.6, history.GetRate("osint-researcher", "domain-finding"));
    }

    [Fact]
    public async Task A_Persons_Assignment_Of_An_Issue_That_Waited_Counts_With_The_Content_Type_Of_The_Analysis()
    {
        SuccessHistory history = await Read(Enumerable.Range(1, 10).SelectMany(i =>
        {
            RunRecord[] records = [.. Completed(i, merged: i <= 8, daysAgo: 5)];
            RunRecord waited = records[0] with { RunId = $"waited-{i}", Outcome = RunOutcome.Waiting, Specialists = [] };
            RunRecord prepared = records[0] with
            {
                ContentType = string.Empty,
                Specialists = ["target-profiler"],
                Started = records[0].Started.AddHours(1),
            };
            return (RunRecord[])[waited, prepared, records[1]];
        }));

        Assert.Equal(0.8, history.GetRate("target-profiler", "domain-finding"));
    }

    [Fact]
    public async Task A_Merge_Counts_Once_Whether_The_Completion_Ran_Or_Not()
    {
        SuccessHistory history = await Read(Enumerable.Range(1, 10).SelectMany(i => Completed(i, merged: true, daysAgo: 5)
            .Where(r => i > 5 || r.Kind == RunKind.Run)
            .Append(Outcome(i, OutcomeCodes.PullRequestMerged))));

        Assert.Equal(1, history.GetRate("osint-researcher", "domain-finding"));
        Assert.Null((await Read(Enumerable.Range(1, 9).SelectMany(i => Completed(i, merged: true, daysAgo: 5)
            .Append(Outcome(i, OutcomeCodes.PullRequestMerged))))).GetRate("osint-researcher", "domain-finding"));
    }

    [Fact]
    public async Task The_Ledger_Is_Read_Again_Only_When_The_History_Has_Aged()
    {
        FakeTimeProvider time = new(Now);
        FixedLedger ledger = new([]);
        using LedgerSuccessHistory success = new(ledger, time);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => success.ReadAsync(TestContext.Current.CancellationToken)));
        Assert.Equal(1, ledger.Reads);
        time.Advance(LedgerSuccessHistory.MaximumAge + TimeSpan.FromSeconds(1));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => success.ReadAsync(TestContext.Current.CancellationToken)));
        Assert.True(SpinWait.SpinUntil(() => ledger.Reads == 2, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_Ledger_That_Does_Not_Answer_Holds_Nobody_Up_Once_There_Is_A_History()
    {
        FakeTimeProvider time = new(Now);
        FixedLedger ledger = new([.. Enumerable.Range(1, 10).SelectMany(i => Completed(i, merged: true, daysAgo: 5)).OrderBy(r => r.Started)]);
        using LedgerSuccessHistory success = new(ledger, time);
        SuccessHistory first = await success.ReadAsync(TestContext.Current.CancellationToken);
        using ManualResetEventSlim gate = new();
        ledger.Before = gate.Wait;
        time.Advance(LedgerSuccessHistory.MaximumAge + TimeSpan.FromSeconds(1));

        SuccessHistory old = await success.ReadAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        Assert.Same(first, old);
        gate.Set();
        Assert.True(SpinWait.SpinUntil(() => ledger.Reads == 2, TimeSpan.FromSeconds(10)));
    }

    private static async Task<SuccessHistory> Read(IEnumerable<RunRecord> records)
    {
        using LedgerSuccessHistory success = new(new FixedLedger([.. records.OrderBy(r => r.Started)]), new FakeTimeProvider(Now));
        return await success.ReadAsync(TestContext.Current.CancellationToken);
    }

    // Between the run and its completion.
    private static RunRecord Outcome(int issue, string code)
    {
        RunRecord[] records = [.. Completed(issue, merged: true, daysAgo: 5)];
        return records[0] with
        {
            Kind = RunKind.Outcome,
            RunId = $"outcome-{issue}",
            ReasonCode = code,
            Started = records[0].Started + ((records[1].Started - records[0].Started) / 2),
        };
    }

    private static IEnumerable<RunRecord> Completed(int issue, bool merged, int daysAgo)
    {
        RunRecord run = new()
        {
            Kind = RunKind.Run,
            RunId = $"run-{issue}",
            Issue = $"acme/site#{issue}",
            Trigger = "webhook",
            Outcome = RunOutcome.Succeeded,
            Specialists = ["osint-researcher"],
            ContentType = "domain-finding",
            Started = Now.AddDays(-daysAgo - 2),
            Ended = Now.AddDays(-daysAgo - 2),
        };
        return
        [
            run,
            run with
            {
                Kind = RunKind.Completion,
                RunId = $"completion-{issue}",
                Specialists = [],
                ContentType = string.Empty,
                ReasonCode = merged ? LedgerSuccessHistory.MergedCode : LedgerSuccessHistory.ClosedAsCompletedCode,
                Started = Now.AddDays(-daysAgo),
            },
        ];
    }

    private sealed class FixedLedger(IReadOnlyList<RunRecord> records) : IRunLedger
    {
        private int _reads;

        public int Reads => Volatile.Read(ref _reads);

        public Action Before { get; set; } = () => { };

        public Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken)
        {
            Before();
            Interlocked.Increment(ref _reads);
            return records.Where(r => r.Started >= (query.From ?? DateTimeOffset.MinValue)).ToAsyncEnumerable();
        }
    }
}
