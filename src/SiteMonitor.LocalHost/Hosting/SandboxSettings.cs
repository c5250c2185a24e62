using System.Globalization;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Creates the settings that point the adapters at a sandbox.</summary>
internal static class SandboxSettings
{
    private static readonly TimeSpan WriteInterval = TimeSpan.FromSeconds(1);

    /// <param name="phase">Initial phase of the rollout.</param>
    /// <param name="timeScale">Seconds of GitHub's rate limits that pass per second; 1 for the real ones.</param>
    public static IReadOnlyDictionary<string, string?> For(SandboxServer sandbox, string webhookSecret, double timeScale, string phase) =>
        new Dictionary<string, string?>
        {
            ["GitHub:ApiBaseUrl"] = sandbox.BaseAddress.ToString(),
            ["GitHub:Token"] = sandbox.Credentials.Token,
            ["GitHub:CopilotToken"] = sandbox.Credentials.CopilotToken,
            ["GitHub:AppId"] = string.Empty,
            ["GitHub:PrivateKey"] = string.Empty,
            ["GitHub:InstallationId"] = string.Empty,
            ["GitHub:WebhookSecret"] = webhookSecret,
            ["GitHub:Repositories"] = SeedCatalogue.Repository,
            ["GitHub:WriteInterval"] = (WriteInterval / timeScale).ToString("c", CultureInfo.InvariantCulture),
            ["GitHub:Limits:TimeScale"] = timeScale.ToString(CultureInfo.InvariantCulture),
            ["AzureOpenAI:Endpoint"] = sandbox.BaseAddress.ToString(),
            ["AzureOpenAI:Deployment"] = sandbox.Credentials.ModelDeployment,
            ["AzureOpenAI:ApiKey"] = sandbox.Credentials.ModelApiKey,
            ["AppConfiguration:Endpoint"] = string.Empty,
            ["AppConfiguration:ConnectionString"] = string.Empty,
            ["Rollout:InitialPhase"] = phase,
        };
}
