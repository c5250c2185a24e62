using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Core.Rollout.Gates;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Core.Reporting;

namespace SiteMonitor.Tests.Core.Rollout.Gates;

public sealed class EvidenceReaderTests
{
    private readonly MemoryLedger _ledger = new();

    /// <summary>The guard and the forecast ask for it: by whole records it would mean parsing every record of the present phase.</summary>
    [Fact]
    public async Task The_Hand_Over_Rate_Of_The_Phase_Before_Needs_No_Whole_Record()
    {
        _ledger.Records.AddRange(Enumerable.Range(1, 20).Select(i =>
            Records.Run(i, i <= 5 ? RunOutcome.Waiting : RunOutcome.Succeeded, hoursAgo: 48) with { Phase = "half" }));
        _ledger.Records.AddRange(Enumerable.Range(1, 30).Select(i =>
            Records.Run(i, RunOutcome.Waiting, hoursAgo: 24 * 100) with { Phase = "half" }));
        RolloutState state = RolloutState.Start("full", Records.Now.AddHours(-24));
        EvidenceReader reader = new(new FactsOnly(_ledger), new MemoryComparisons(), PlanParseResult.Default, new FakeTimeProvider(Records.Now));

        double? rate = await reader.PreviousHandOverRateAsync(state, TestContext.Current.CancellationToken);

        Assert.Equal(0.25, rate);
    }

    private sealed class FactsOnly(IRunLedger inner) : IRunLedger
    {
        public Task<bool> AppendAsync(RunRecord record, CancellationToken cancellationToken) => throw new NotSupportedException();

        public IAsyncEnumerable<RunRecord> QueryAsync(LedgerQuery query, CancellationToken cancellationToken) =>
            throw new NotSupportedException("Whole records are read.");

        public async Task<IReadOnlyList<IRunFacts>> ReadFactsAsync(LedgerQuery query, CancellationToken cancellationToken) =>
            await inner.QueryAsync(query, cancellationToken).ToListAsync(cancellationToken);
    }
}
