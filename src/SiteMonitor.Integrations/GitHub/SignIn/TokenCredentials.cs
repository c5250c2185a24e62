using Octokit;

namespace SiteMonitor.Integrations.GitHub.SignIn;

/// <summary>A token from the settings, read anew for each request so that a rotated one applies at once.</summary>
internal sealed class TokenCredentials(Func<string> token) : ICredentialStore
{
    public Task<Credentials> GetCredentials() => Task.FromResult(new Credentials(token(), AuthenticationType.Bearer));
}
