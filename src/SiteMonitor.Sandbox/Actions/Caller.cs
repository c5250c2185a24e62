using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Whose token came with a request.</summary>
/// <param name="Token">The limits are kept by token.</param>
/// <param name="IsInstallation">A GitHub App's token: no user, Copilot cannot be assigned with it.</param>
internal sealed record Caller(Account Account, string Token, bool IsInstallation, bool HasCopilotLicence);

/// <summary>Who may assign the Copilot coding agent: a user with a licence, never an App's installation.</summary>
internal static class CopilotAccess
{
    /// <summary>Whether REST assigns it; false means it answers 201 and does nothing. An installation's token is refused.</summary>
    public static bool CanAssignByRest(Caller caller, CopilotBehaviour quirk) =>
        caller.IsInstallation
            ? throw GitHubErrorException.Forbidden("Resource not accessible by integration")
            : caller.HasCopilotLicence && quirk == CopilotBehaviour.None;

    /// <summary>Whether GraphQL suggests and assigns it.</summary>
    public static bool CanAssignByGraph(Caller caller, CopilotBehaviour quirk) =>
        caller is { IsInstallation: false, HasCopilotLicence: true } && quirk != CopilotBehaviour.Unavailable;
}
