using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>
/// The logins of our two credentials. The App's comes with the first read, the user's with the first question for Copilot;
/// the App's is asked for only when it is needed before.
/// </summary>
internal sealed class OwnIdentity(GitHubApiClient app, TimeProvider machine) : IDisposable
{
    /// <summary>
    /// After a failure the next question is refused for this long: callers answer webhooks and cannot wait for a GitHub that is down.
    /// </summary>
    private static readonly TimeSpan FailureLifetime = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private string? _appLogin;
    private PipelineException? _failure;
    private long _failedAt;

    /// <summary>The user that hands issues over to Copilot; null until it was asked for.</summary>
    public string? UserLogin { get; private set; }

    /// <summary>Takes in who a response to the App's credential said it is.</summary>
    public void SetFromViewer(ActorNode? viewer) => _appLogin ??= viewer?.Login;

    /// <summary>Takes in who a response to the user's credential said it is.</summary>
    public void SetUser(ActorNode? viewer) => UserLogin = viewer?.Login ?? UserLogin;

    /// <summary>Whether an edit is ours. An App's login ends with <c>[bot]</c>, so a person of the same name is not taken for it.</summary>
    public bool IsOwnActor(ActorNode? actor) => actor is not null && (IsLogin(actor, _appLogin) || IsLogin(actor, UserLogin));

    /// <summary>Makes <see cref="IsOwnActor"/> able to answer.</summary>
    /// <returns>When to try again if a limit bars it; null when known.</returns>
    public async Task<DateTimeOffset?> EnsureKnownAsync(CancellationToken cancellationToken)
    {
        if (_appLogin is not null)
        {
            return null;
        }

        (_appLogin, DateTimeOffset? limited) = await AskAsync(app, cancellationToken);
        return limited;
    }

    public async Task<IReadOnlySet<string>> GetLoginsAsync(CancellationToken cancellationToken)
    {
        if (_appLogin is null)
        {
            await _turn.WaitAsync(cancellationToken);
            try
            {
                ThrowRecentFailure();
                _appLogin ??= await LoginAsync(app, cancellationToken);
            }
            catch (PipelineException failure)
            {
                (_failure, _failedAt) = (failure, machine.GetTimestamp());
                throw;
            }
            finally
            {
                _turn.Release();
            }
        }

        return new HashSet<string>([_appLogin], StringComparer.OrdinalIgnoreCase);
    }

    public void Dispose() => _turn.Dispose();

    private static bool IsLogin(ActorNode actor, string? login) =>
        login is not null && string.Equals(actor.FullLogin, login, StringComparison.OrdinalIgnoreCase);

    private void ThrowRecentFailure()
    {
        if (_failure is not null && machine.GetElapsedTime(_failedAt) < FailureLifetime)
        {
            throw new TransientFailureException("github-identity-unknown",
                $"Who our credential is on GitHub could not be asked just now: {_failure.Message}");
        }

        _failure = null;
    }

    private static async Task<string> LoginAsync(GitHubApiClient channel, CancellationToken cancellationToken)
    {
        (string? login, DateTimeOffset? limited) = await AskAsync(channel, cancellationToken);
        return login ?? throw new TransientFailureException("github-limited",
            $"A rate limit bars the question who {channel.Setting} is until {limited:u}.");
    }

    private static async Task<(string? Login, DateTimeOffset? Limited)> AskAsync(
        GitHubApiClient channel, CancellationToken cancellationToken)
    {
        string what = $"asking who {channel.Setting} is";
        CallResult<ViewerData> result = await channel.QueryAsync<ViewerData>(
            new RequestTag(RequestKind.Read, extra: true), what, GraphDocuments.Viewer, [], cancellationToken);
        return result.IsRateLimited
            ? (null, result.RetryAt)
            : (result.Value!.Viewer?.Login
                ?? throw new TransientFailureException("github-garbled-answer", $"GitHub named no login while {what}."), null);
    }
}
