using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Http;

/// <summary>Whose token came with a request.</summary>
/// <param name="Token">The limits are kept by token.</param>
/// <param name="IsInstallation">A GitHub App's token: no user, Copilot cannot be assigned with it.</param>
internal sealed record Caller(Account Account, string Token, bool IsInstallation, bool HasCopilotLicence);
