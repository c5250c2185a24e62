using DurableTask.Sqlite.Tests;
using Microsoft.DurableTask.Client;
using SiteMonitor.Core;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Orchestrations;
using SiteMonitor.Functions.Runs;
using SiteMonitor.Tests.Functions.EndToEnd;

namespace SiteMonitor.Tests.Functions.Orchestrations;

public sealed class RedeliveryTests
{
    [Theory]
    [InlineData(WorkKind.Pipeline, RunKind.Run)]
    [InlineData(WorkKind.CompletionByMerge, RunKind.Completion)]
    public async Task A_Delivery_That_Could_Not_Be_Taken_Up_Is_In_The_Ledger_As_A_Failure(WorkKind work, RunKind kind)
    {
        List<RunRecord> records = [];
        await using TestHub engine = new(new FastClock(50));
        engine.Activity<RedeliveryInput, ActivityResult<StartWorkResult>>(nameof(StartWork), _ => throw new PermanentFailureException("refused", "The store refused."));
        engine.Activity<RunRecord, ActivityResult<RecordRunResult>>(nameof(RecordRun), record =>
        {
            records.Add(record);
            return new ActivityResult<RecordRunResult> { Value = new RecordRunResult(record.RunId) };
        });
        engine.Orchestrator(nameof(Redelivery), Redelivery.RunAsync);
        await engine.StartAsync();

        OrchestrationMetadata ended = await engine.RunAsync(
            nameof(Redelivery), new RedeliveryInput { Issue = "octo-org/site#7", RequestId = "delivery-1", Work = work, ReceivedAt = TimeProvider.System.GetUtcNow() });

        RunRecord record = Assert.Single(records);
        Assert.Equal((kind, RunOutcome.Failed, "delivery-not-started", "octo-org/site#7"), (record.Kind, record.Outcome, record.ReasonCode, record.Issue));
        Assert.Contains("The store refused.", record.Reason, StringComparison.Ordinal);
        Assert.Equal(OrchestrationRuntimeStatus.Failed, ended.RuntimeStatus);
    }
}
