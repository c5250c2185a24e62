using System.Globalization;
using System.Text.Json.Nodes;
using SiteMonitor.Core.Rollout.Plan;
using SiteMonitor.Sandbox;

namespace SiteMonitor.LocalHost.Hosting;

/// <summary>Creates the settings that point the adapters at a sandbox.</summary>
internal static class SandboxSettings
{
    private const int P95Target = 50;
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
            ["GitHub:Repositories"] = sandbox.Repository,
            ["GitHub:WriteInterval"] = (WriteInterval / timeScale).ToString("c", CultureInfo.InvariantCulture),
            ["GitHub:Limits:TimeScale"] = timeScale.ToString(CultureInfo.InvariantCulture),
            ["AzureOpenAI:Endpoint"] = sandbox.BaseAddress.ToString(),
            ["AzureOpenAI:Deployment"] = sandbox.Credentials.ModelDeployment,
            ["AzureOpenAI:ApiKey"] = sandbox.Credentials.ModelApiKey,
            ["AppConfiguration:Endpoint"] = string.Empty,
            ["AppConfiguration:ConnectionString"] = string.Empty,
            ["Rollout:InitialPhase"] = phase,
        };

    /// <summary>
    /// Writes the built-in plan with a wider target for p95. A sandbox's durations are milliseconds that this machine's load decides,
    /// so their ratio says nothing about the pipeline.
    /// </summary>
    /// <returns>The file, for the setting <c>Rollout:Plan</c>.</returns>
    public static string WritePlan(DataDirectory directory)
    {
        const string FileName = "rollout-plan.json";
        JsonNode plan = JsonNode.Parse(PlanParseResult.DefaultText())!;
        JsonNode p95 = plan["phases"]!.AsArray()
            .SelectMany(phase => phase!["gate"]?.AsArray() ?? [])
            .Single(criterion => (string?)criterion!["id"] == "p95")!;
        p95["target"] = P95Target;
        directory.Write(FileName, plan.ToJsonString());
        return directory.PathOf(FileName);
    }
}
