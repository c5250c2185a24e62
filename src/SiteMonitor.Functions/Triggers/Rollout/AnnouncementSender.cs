using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Announcements;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Sends announcements right after the change they tell of. What cannot be sent now stays in the outbox for the guard's next minute: the change is made, whoever could be told of it.</summary>
public sealed partial class AnnouncementSender(Announcer announcer, ILogger<AnnouncementSender> logger)
{
    /// <summary>As long as an operator's answer waits for channels that do not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Waits some seconds at most; the sending itself goes on.</summary>
    public async Task SendPromptlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(CancellationToken.None).WaitAsync(Patience, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.GoesOn(logger);
        }
    }

    public async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (string problem in await announcer.SendDueAsync(cancellationToken))
            {
                Log.NotAnnounced(logger, problem);
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
        public static partial void NotAnnounced(ILogger logger, string problem);

        [LoggerMessage(407, LogLevel.Information, "A channel takes its time; announcements go on being sent")]
        public static partial void GoesOn(ILogger logger);

        [LoggerMessage(406, LogLevel.Error, "Announcements could not be sent; the next minute tries again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
