using System.Globalization;
using Microsoft.Extensions.Logging;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.SignIn;

/// <summary>Signs in as a GitHub App with an installation token, which is replaced shortly before it expires (after an hour).</summary>
internal sealed partial class AppCredentials(
    GitHubOptions options, Func<ICredentialStore, IConnection> connect, TimeProvider time, ILogger logger)
    : IRefreshableCredentials, IDisposable
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromMinutes(5);
    private readonly SemaphoreSlim _semaphore = new(1, 1);
    private AccessToken? _token;

    public async Task<Credentials> GetCredentials()
    {
        if (Usable() is { } known)
        {
            return known;
        }

        await _semaphore.WaitAsync();
        try
        {
            if (Usable() is { } fresh)
            {
                return fresh;
            }

            _token = await new RequestTag(RequestKind.SignIn).RunAsync("signing in as the App", FetchAsync, CancellationToken.None);
            return new Credentials(_token.Token, AuthenticationType.Bearer);
        }
        finally
        {
            _semaphore.Release();
        }
    }

    public void Invalidate() => _token = null;

    public void Dispose() => _semaphore.Dispose();

    private Credentials? Usable() => _token is { } token && time.GetUtcNow() < token.ExpiresAt - RenewBefore
        ? new Credentials(token.Token, AuthenticationType.Bearer)
        : null;

    private async Task<AccessToken> FetchAsync()
    {
        GitHubClient client = new(connect(new AppJwtCredentials(options, time)));
        try
        {
            return await client.GitHubApps.CreateInstallationToken(long.Parse(options.InstallationId, CultureInfo.InvariantCulture));
        }
        catch (ApiException exception) when ((int)exception.StatusCode is 401 or 403 or 404 or 422)
        {
            Log.Refused(logger, (int)exception.StatusCode);
            throw new PermanentFailureException(
                "github-app-sign-in",
                $"GitHub refused to sign the App in (status {(int)exception.StatusCode}): check GitHub:AppId, " +
                    "GitHub:PrivateKey and GitHub:InstallationId, that the App is not suspended, and this machine's clock.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2111, LogLevel.Error, "GitHub refused an installation token with status {Status}")]
        public static partial void Refused(ILogger logger, int status);
    }
}

/// <summary>Credentials that can be renewed when GitHub refuses them.</summary>
internal interface IRefreshableCredentials : ICredentialStore
{
    void Invalidate();
}

/// <summary>A fixed token.</summary>
internal sealed class TokenCredentials(string token) : ICredentialStore
{
    public Task<Credentials> GetCredentials() => Task.FromResult(new Credentials(token, AuthenticationType.Bearer));
}
