namespace SiteMonitor.LocalHost.Sandbox;

/// <summary>What the simulators accept as sign-in. Not secrets: they open nothing but the sandbox.</summary>
public sealed record SandboxCredentials
{
    /// <summary>Acts as the machine user <c>sitemonitor-bot</c>, which has no Copilot licence.</summary>
    public string Token { get; init; } = "sandbox-bot-token";

    /// <summary>Acts as the user <c>octo-operator</c>, who has one.</summary>
    public string CopilotToken { get; init; } = "sandbox-operator-token";

    public string ModelApiKey { get; init; } = "sandbox-model-key";

    /// <summary>The one deployment there is.</summary>
    public string ModelDeployment { get; init; } = "site-monitor";

    /// <summary>The GitHub App that signs in as <c>sitemonitor[bot]</c>.</summary>
    public long AppId { get; init; } = 4711;

    public long InstallationId { get; init; } = 815;

    /// <summary>The App's public key (PEM); null accepts any well-formed RS256 token of the App.</summary>
    public string? AppPublicKey { get; init; }
}
