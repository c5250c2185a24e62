using Octokit;

namespace SiteMonitor.Integrations.GitHub.SignIn;

/// <summary>A token as it is.</summary>
internal sealed class TokenCredentials(string token) : ICredentialStore
{
    public Task<Credentials> GetCredentials() => Task.FromResult(new Credentials(token, AuthenticationType.Bearer));
}
