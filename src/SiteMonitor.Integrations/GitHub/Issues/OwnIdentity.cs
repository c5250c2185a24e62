using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>The logins of our two credentials, learned from reads and queries; asked for only when they are needed earlier.</summary>
internal sealed class OwnIdentity(GitHubApiClient app, GitHubApiClient user) : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private string? _appLogin;

    /// <summary>Login of the user that hands issues over to Copilot; null until known.</summary>
    public string? UserLogin { get; private set; }

    /// <summary>Stores the viewer of a response to the App's credential.</summary>
    public void SetFromViewer(ActorNode? viewer) => _appLogin ??= viewer?.Login;

    /// <summary>Stores the viewer of a response to the user's credential.</summary>
    public void SetUser(ActorNode? viewer) => UserLogin = viewer?.Login ?? UserLogin;

    /// <summary>Whether an edit is ours. An App's login ends with <c>[bot]</c>, so a person of the same name is not taken for it.</summary>
    public bool IsOwnActor(ActorNode? actor) => IsApp(actor) || (actor is not null && IsLogin(actor, UserLogin));

    /// <summary>Whether it is the credential that makes all writes except assigning Copilot.</summary>
    public bool IsApp(ActorNode? actor) => actor is not null && IsLogin(actor, _appLogin);

    /// <summary>Reads the App's login, which <see cref="IsOwnActor"/> needs, if it is unknown.</summary>
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

    /// <summary>Reads the logins of both credentials, which <see cref="IsOwnActor"/> then knows.</summary>
    /// <returns>When to try again if a limit bars it; null when known.</returns>
    public async Task<DateTimeOffset?> EnsureBothKnownAsync(CancellationToken cancellationToken)
    {
        if (await EnsureKnownAsync(cancellationToken) is { } barred)
        {
            return barred;
        }

        if (UserLogin is not null || user.Setting == app.Setting)
        {
            return null;
        }

        (UserLogin, DateTimeOffset? limited) = await AskAsync(user, cancellationToken);
        return limited;
    }

    /// <summary>Reads both logins if they are unknown. Returns the App's; the user's is in <see cref="UserLogin"/>.</summary>
    /// <exception cref="TransientFailureException">A rate limit or an outage prevents the read.</exception>
    public async Task<IReadOnlySet<string>> GetLoginsAsync(CancellationToken cancellationToken)
    {
        if (_appLogin is null || UserLogin is null)
        {
            await _semaphore.WaitAsync(cancellationToken);
            try
            {
                _appLogin ??= await LoginAsync(app, cancellationToken);
                UserLogin ??= user.Setting == app.Setting ? _appLogin : await LoginAsync(user, cancellationToken);
            }
            finally
            {
                _semaphore.Release();
            }
        }

        return new HashSet<string>([_appLogin!], StringComparer.OrdinalIgnoreCase);
    }

    public void Dispose() => _semaphore.Dispose();

    private static bool IsLogin(ActorNode actor, string? login) =>
        login is not null && string.Equals(actor.FullLogin, login, StringComparison.OrdinalIgnoreCase);

    private static async Task<string> LoginAsync(GitHubApiClient channel, CancellationToken cancellationToken)
    {
        (string? login, DateTimeOffset? limited) = await AskAsync(channel, cancellationToken);
        return login ?? throw new TransientFailureException("github-limited",
            $"A rate limit prevents reading the login of {channel.Setting} until {limited:u}.");
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
