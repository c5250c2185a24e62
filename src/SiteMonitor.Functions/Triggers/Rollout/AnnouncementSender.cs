using Microsoft.Extensions.Logging;
using SiteMonitor.Core.Rollout.Announcements;

namespace SiteMonitor.Functions.Triggers.Rollout;

/// <summary>Sends announcements right after the change they tell of; what cannot be sent now stays in the outbox for the guard's next minute.</summary>
public sealed partial class AnnouncementSender(Announcer announcer, ILogger<AnnouncementSender> logger)
{
    /// <summary>An operator's response waits at most so long for channels that do not answer.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>Waits some seconds at most; the sending itself goes on.</summary>
    /// <returns>What was delivered where, one line an announcement.</returns>
    public async Task<IReadOnlyList<string>> SendPromptlyAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(CancellationToken.None).WaitAsync(MaxWait, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            Log.GoesOn(logger);
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
                Log.NotAnnounced(logger, problem);
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
        public static partial void NotAnnounced(ILogger logger, string problem);

        [LoggerMessage(407, LogLevel.Information, "A channel takes its time; announcements go on being sent")]
        public static partial void GoesOn(ILogger logger);

        [LoggerMessage(406, LogLevel.Error, "Announcements could not be sent; the next minute tries again")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
