using Octokit;

namespace SiteMonitor.Integrations.GitHub.SignIn;

/// <summary>Credentials that can be fetched anew when GitHub refuses them.</summary>
internal interface IRefreshableCredentials : ICredentialStore
{
    void Invalidate();
}
