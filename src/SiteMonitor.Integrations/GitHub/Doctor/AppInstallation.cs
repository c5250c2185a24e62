using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Doctor;

/// <summary>Reads the App's registration from GitHub; null if a token is used instead of an App.</summary>
internal sealed class AppInstallation(IOptions<GitHubOptions> options, GitHubConnections connections)
{
    public async Task<CallResult<Installation>?> GetInstallationAsync(CancellationToken cancellationToken) =>
        connections.AppJwtClient is not { } app ? null : await app.CallAsync(
        new RequestTag(RequestKind.Read, extra: true),
        "reading the App's installation",
        github => github.GitHubApps.GetInstallationForCurrent(long.Parse(options.Value.InstallationId, CultureInfo.InvariantCulture)),
        cancellationToken);

    /// <summary>The App's own webhook, with the events of its installation.</summary>
    public async Task<WebhookConfiguration?> GetWebhookAsync(CancellationToken cancellationToken)
    {
        if (connections.AppJwtClient is not { } app || await GetInstallationAsync(cancellationToken) is not { Value: { } installation })
        {
            return null;
        }

        CallResult<IApiResponse<object>> config = await app.CallAsync(
            new RequestTag(RequestKind.Read, extra: true),
            "reading the App's webhook",
            _ => app.Rest.Get<object>(new Uri("app/hook/config", UriKind.Relative), new Dictionary<string, string>()),
            cancellationToken);
        return config.Value is { HttpResponse.Body: string json }
            ? new WebhookConfiguration(true, Values(json), installation.Events)
            : null;
    }

    /// <summary>GitHub writes <c>insecure_ssl</c> as text or as a number.</summary>
    private static Dictionary<string, string?> Values(string json) =>
        JsonNode.Parse(json)!.AsObject().ToDictionary(v => v.Key, v => v.Value?.ToString());
}
