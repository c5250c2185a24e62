using Microsoft.Extensions.Logging;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Functions.Triggers.Webhook;

/// <summary>
/// The logins that our writes show. They are read from GitHub in the background, because a delivery waits only for the durable start.
/// Until they are known, the delivery that one of our own writes causes starts a run that finds nothing to do.
/// </summary>
public sealed partial class OwnLogins(IIssueTracker tracker, TimeProvider time, ILogger<OwnLogins> logger)
{
    private const string BotSuffix = "[bot]";

    /// <summary>Minimum time between two attempts: in an outage of GitHub not each delivery may cause a request and a log line.</summary>
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private Task<IReadOnlySet<string>>? _logins;
    private long _lastAttempt;

    public bool Contains(string login)
    {
        Task<IReadOnlySet<string>> logins = GetLogins();
        return logins.IsCompletedSuccessfully && login.Length > 0 && logins.Result.Contains(login);
    }

    /// <summary>Whether the login is a person's: neither ours nor a bot's. False while our own logins are unknown.</summary>
    public bool IsPerson(string login)
    {
        Task<IReadOnlySet<string>> logins = GetLogins();
        return logins.IsCompletedSuccessfully
            && login.Length > 0
            && !logins.Result.Contains(login)
            && !login.EndsWith(BotSuffix, StringComparison.OrdinalIgnoreCase)
            && !CopilotLogin.IsCopilot(login);
    }

    /// <summary>Whether it is the user whose token hands issues over; that person's own writes show this login too.</summary>
    public bool IsCopilotUser(string login) => login.Length > 0 && login.Equals(tracker.UserLogin, StringComparison.OrdinalIgnoreCase);

    private Task<IReadOnlySet<string>> GetLogins()
    {
        lock (_gate)
        {
            bool failed = _logins is { IsCompleted: true, IsCompletedSuccessfully: false };
            if (_logins is null || (failed && time.GetElapsedTime(_lastAttempt) >= RetryInterval))
            {
                _lastAttempt = time.GetTimestamp();
                _logins = Task.Run(ReadAsync);
            }

            return _logins;
        }
    }

    private async Task<IReadOnlySet<string>> ReadAsync()
    {
        try
        {
            return await tracker.GetOwnLoginsAsync(CancellationToken.None);
        }
        catch (PipelineException failure)
        {
            Log.ReadFailed(logger, failure);
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(211, LogLevel.Warning,
            "The logins of the configured credentials could not be read; the first delivery after 30 s retries")]
        public static partial void ReadFailed(ILogger logger, Exception exception);
    }
}
