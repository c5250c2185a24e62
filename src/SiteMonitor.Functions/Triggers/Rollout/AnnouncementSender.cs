using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Reporting;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>
/// Sends announcements right after the change that they report. Those that cannot be sent stay in the outbox for the guard's next minute:
/// the change is made, whether or not anybody could be told.
/// </summary>
public sealed partial class AnnouncementSender(Announcer announcer, ILogger<AnnouncementSender> logger)
{
    /// <summary>How long an operator's request waits for channels that do not respond.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>Waits for a few seconds at most; sending continues afterwards.</summary>
    /// <returns>What was delivered where, one line an announcement.</returns>
    public async Task<IReadOnlyList<string>> SendPromptlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(CancellationToken.None).WaitAsync(MaxWait, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.StillSending(logger);
            return ["Channels take their time: sending goes on, rollout status shows how many announcements wait."];
        }
    }

    public async Task<IReadOnlyList<string>> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            DeliveryReport report = await announcer.SendDueAsync(cancellationToken);
            foreach (string problem in report.Problems)
            {
                Log.NotSent(logger, problem);
            }

            return report.Describe();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Failed(logger, exception);
            return ["Announcements could not be sent; the next minute tries again."];
        }
    }

    private static partial class Log
    {
        [LoggerMessage(408, LogLevel.Warning, "An announcement could not be sent: {Problem}")]
        public static partial void NotSent(ILogger logger, string problem);

        [LoggerMessage(407, LogLevel.Information, "A channel is slow; announcements are still being sent")]
        public static partial void StillSending(ILogger logger);

        [LoggerMessage(406, LogLevel.Error, "Announcements could not be sent; the guard tries again in a minute")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
