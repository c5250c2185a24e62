using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Functions.Orchestrations;

/// <summary>
/// A start that was refused because a run was on, tried again on durable timers until a run has begun that knows of it. Named after the delivery, so that a
/// repeated delivery is not waited for twice. (An event to the running instance would be lost if it came while that instance ends.)
/// </summary>
public static class Redelivery
{
    /// <summary>A run waits for rate limits at most six hours; a day outlasts several in a row.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromHours(24);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(5);

    [Function(nameof(Redelivery))]
    public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        RedeliveryInput input = context.GetInput<RedeliveryInput>() ?? throw new InvalidOperationException("A redelivery needs an input that names its issue.");
        StepCaller steps = new(context);
        DateTime giveUpAt = context.CurrentUtcDateTime + Patience;
        for (TimeSpan delay = FirstDelay; ; delay = delay * 2 < MaxDelay ? delay * 2 : MaxDelay)
        {
            StartAttempt attempt = (await steps.CallAsync<StartAttempt>(nameof(StartWork), input, "starts the run", StepBudget.Settling)).Answer!;
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
}
