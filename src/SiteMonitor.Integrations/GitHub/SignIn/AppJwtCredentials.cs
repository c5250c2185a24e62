using System.Security.Cryptography;
using Octokit;

namespace SiteMonitor.Integrations.GitHub.SignIn;

/// <summary>Signs in as the App itself, which may look at its own registration and buy installation tokens, and nothing else.</summary>
internal sealed class AppJwtCredentials(GitHubOptions options, TimeProvider machine) : ICredentialStore
{
    public Task<Credentials> GetCredentials()
    {
        using RSA key = PrivateKeyPem.Import(options.PrivateKey);
        return Task.FromResult(new Credentials(AppJwt.Create(options.AppId, key, machine.GetUtcNow()), AuthenticationType.Bearer));
    }
}
