using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Http;

/// <summary>Authenticates tokens: two fixed ones and those created for App installations.</summary>
internal sealed class GitHubTokens(SandboxCredentials credentials, Accounts accounts, TimeProvider time)
{
    /// <summary>GitHub's lifetime of an installation token.</summary>
    public static readonly TimeSpan InstallationTokenLifetime = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _installationTokens = new(StringComparer.Ordinal);

    /// <summary>Returns the token of an <c>Authorization</c> header with scheme <c>Bearer</c> or <c>token</c>, or null.</summary>
    public static string? TokenOf(HttpRequest request) =>
        AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out AuthenticationHeaderValue? header)
        && (header.Scheme.Equals("bearer", StringComparison.OrdinalIgnoreCase)
            || header.Scheme.Equals("token", StringComparison.OrdinalIgnoreCase))
            ? header.Parameter?.Trim()
            : null;

    public Caller? Find(string token)
    {
        if (token == credentials.Token)
        {
            return new Caller(accounts.Named(Accounts.Bot), token, IsInstallation: false, HasCopilotLicence: false);
        }

        if (token == credentials.CopilotToken)
        {
            return new Caller(accounts.Named(Accounts.Operator), token, IsInstallation: false, HasCopilotLicence: true);
        }

        return _installationTokens.TryGetValue(token, out DateTimeOffset expires) && time.GetUtcNow() < expires
            ? new Caller(accounts.Named(Accounts.App), token, IsInstallation: true, HasCopilotLicence: false)
            : null;
    }

    public (string Token, DateTimeOffset ExpiresAt) NewInstallationToken()
    {
        string token = $"ghs_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18))}";
        DateTimeOffset expires = time.GetUtcNow() + InstallationTokenLifetime;
        _installationTokens[token] = expires;
        return (token, expires);
    }

    /// <summary>Makes all installation tokens invalid, as when the App's key is rotated.</summary>
    public void RevokeInstallationTokens() => _installationTokens.Clear();
}
