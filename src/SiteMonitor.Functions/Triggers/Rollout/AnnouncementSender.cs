using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Announcements;

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
    public async Task SendPromptlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(CancellationToken.None).WaitAsync(MaxWait, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.StillSending(logger);
        }
    }

    public async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (string problem in await announcer.SendDueAsync(cancellationToken))
            {
                Log.NotSent(logger, problem);
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.Failed(logger, exception);
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
