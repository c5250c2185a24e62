using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>
/// The logins we act as. Asking GitHub for them is left to the background, because a delivery's answer waits for nothing but the durable start; until they are known,
/// an echo of our own write starts a run that finds nothing to do.
/// </summary>
public sealed partial class OwnLogins(IIssueTracker tracker, ILogger<OwnLogins> logger)
{
    private readonly Lock _gate = new();
    private Task<IReadOnlySet<string>>? _asked;

    public bool Contains(string login)
    {
        Task<IReadOnlySet<string>> asked = Asked();
        return asked.IsCompletedSuccessfully && login.Length > 0 && asked.Result.Contains(login);
    }

    private Task<IReadOnlySet<string>> Asked()
    {
        lock (_gate)
        {
            return _asked = _asked is null or { IsFaulted: true } or { IsCanceled: true } ? Task.Run(AskAsync) : _asked;
        }
    }

    private async Task<IReadOnlySet<string>> AskAsync()
    {
        try
        {
            return await tracker.GetOwnLoginsAsync(CancellationToken.None);
        }
        catch (PipelineException failure)
        {
            Log.NotKnown(logger, failure);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(211, LogLevel.Warning, "GitHub did not say who we are; asked again at the next delivery")]
        public static partial void NotKnown(ILogger logger, Exception exception);
    }
}
