using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>
/// Retries, on durable timers, a start that was refused because a run was active, until a run has begun that sees what the delivery
/// reports. Named after the delivery, so that a repeated delivery does not wait twice. (An event sent to the active instance would be lost
/// if that instance just ended.)
/// </summary>
public static class Redelivery
{
    /// <summary>A run waits for rate limits for at most six hours; a day covers several such runs in a row.</summary>
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    [Function(RedeliveryInput.Orchestrator)]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        RedeliveryInput input = RedeliveryInput.Read(context);
        ActivityCaller activities = new(context);
        try
        {
            return await StartAsync(context, input, activities);
        }
        catch (Exception failure) when (failure is ActivityFailedException or TimeoutException)
        {
            // Otherwise nothing would show that the delivery's work was never done.
            RunRecord record = CreateRecord(context, input, failure.Message, activities);
            await activities.CallAsync<RecordRunResult>(nameof(RecordRun), record, "writes the ledger record", ActivityRetryPolicy.Cleanup);
            throw;
        }
    }

    private static async Task<string> StartAsync(TaskOrchestrationContext context, RedeliveryInput input, ActivityCaller activities)
    {
        DateTime giveUpAt = context.CurrentUtcDateTime + GiveUpAfter;
        for (TimeSpan delay = FirstDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            StartWorkResult attempt = await activities.CallAsync<StartWorkResult>(
                nameof(StartWork), input, "starts the run", ActivityRetryPolicy.Cleanup);
            if (attempt.IsSettled)
            {
                return attempt.Detail;
            }

            if (context.CurrentUtcDateTime >= giveUpAt)
            {
                throw new TimeoutException(
                    $"The run that was active when the delivery arrived has not ended within {GiveUpAfter.TotalHours:0} hours: check its status.");
            }

            // Every delivery that arrived meanwhile waits for the same run, so each waits up to a quarter longer.
            await context.CreateTimer(delay * (1 + (context.NewGuid().ToByteArray()[0] / 1024d)), CancellationToken.None);
        }
    }

    private static RunRecord CreateRecord(
        TaskOrchestrationContext context, RedeliveryInput input, string reason, ActivityCaller activities) => new()
    {
        Kind = input.Work == WorkKind.Pipeline ? RunKind.Run : RunKind.Completion,
        RunId = context.NewGuid().ToString("N"),
        Issue = input.Issue,
        Trigger = TriggerNames.Webhook,
        RequestedStage = input.Work == WorkKind.Pipeline ? StageNames.Auto : CompletionInput.RequestedStage,
        Outcome = RunOutcome.Failed,
        ReasonCode = "delivery-not-started",
        Reason = $"The run that delivery {input.RequestId} asked for was not started: {reason}",
        Usage = activities.Usage,
        DurationMs = activities.Clock.DurationMs,
        Started = activities.Clock.Started,
        Ended = activities.Clock.Now,
    };
}
