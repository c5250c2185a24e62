using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Functions.Activities;
using SiteMonitor.Functions.Runs;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>
/// A start that was refused because a run was on, tried again on durable timers until a run has begun that knows of it. Named after the delivery, so that a
/// repeated delivery is not waited for twice. (An event to the running instance would be lost if it came while that instance ends.)
/// </summary>
public static class Redelivery
{
    /// <summary>A run waits for rate limits at most six hours; a day outlasts several in a row.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private const string NotStarted = "delivery-not-started";

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    [Function(nameof(Redelivery))]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        RedeliveryInput input = context.GetInput<RedeliveryInput>() ?? throw new InvalidOperationException("A redelivery needs an input that names its issue.");
        ActivityCaller steps = new(context);
        RunClock clock = new(context, steps);
        try
        {
            return await StartAsync(context, input, steps);
        }
        catch (Exception failure) when (failure is ActivityFailedException or TimeoutException)
        {
            // Nothing else would tell that what the delivery asked for was never done.
            await steps.CallAsync<RecordRunResult>(nameof(RecordRun), Record(context, input, failure.Message, steps, clock), "writes the ledger", ActivityRetryPolicy.Cleanup);
            throw;
        }
    }

    private static async Task<string> StartAsync(TaskOrchestrationContext context, RedeliveryInput input, ActivityCaller steps)
    {
        DateTime giveUpAt = context.CurrentUtcDateTime + Patience;
        for (TimeSpan delay = FirstDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            StartWorkResult attempt = (await steps.CallAsync<StartWorkResult>(nameof(StartWork), input, "starts the run", ActivityRetryPolicy.Cleanup)).Value!;
            if (attempt.IsSettled)
            {
                return attempt.Detail;
            }

            if (context.CurrentUtcDateTime >= giveUpAt)
            {
                throw new TimeoutException($"The run that was on when the delivery came in has not ended within {Patience.TotalHours:0} hours: see its status.");
            }

            // Spread by up to a quarter: a run that ends is waited for by every delivery that came in meanwhile.
            await context.CreateTimer(delay * (1 + (context.NewGuid().ToByteArray()[0] / 1024d)), CancellationToken.None);
        }
    }

    private static RunRecord Record(TaskOrchestrationContext context, RedeliveryInput input, string reason, ActivityCaller steps, RunClock clock) => new()
    {
        Kind = input.Work == WorkKind.Pipeline ? RunKind.Run : RunKind.Completion,
        RunId = context.NewGuid().ToString("N"),
        Issue = input.Issue,
        Trigger = TriggerNames.Webhook,
        RequestedStage = input.Work == WorkKind.Pipeline ? StageNames.Auto : "completion",
        Outcome = RunOutcome.Failed,
        ReasonCode = NotStarted,
        Reason = $"The delivery {input.RequestId} was not taken up: {reason}",
        Usage = steps.Usage,
        DurationMs = clock.DurationMs,
        Started = clock.Started,
        Ended = clock.Now,
    };
}
