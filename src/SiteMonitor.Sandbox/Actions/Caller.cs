using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>The account whose token came with a request.</summary>
/// <param name="Token">Rate limits are counted per token.</param>
/// <param name="IsInstallation">Whether it is a GitHub App's token, which cannot assign Copilot.</param>
internal sealed record Caller(Account Account, string Token, bool IsInstallation, bool HasCopilotLicence);

/// <summary>Decides who may assign the Copilot coding agent: a user with a licence, never an App installation.</summary>
internal static class CopilotAccess
{
    /// <summary>Returns whether REST assigns it; if false, REST answers 201 and changes nothing. Refuses an installation token.</summary>
    public static bool CanAssignByRest(Caller caller, CopilotBehaviour quirk) =>
        caller.IsInstallation
            ? throw GitHubErrorException.Forbidden("Resource not accessible by integration")
            : caller.HasCopilotLicence && quirk == CopilotBehaviour.None;

    /// <summary>Returns whether GraphQL suggests and assigns it.</summary>
    public static bool CanAssignByGraph(Caller caller, CopilotBehaviour quirk) =>
        caller is { IsInstallation: false, HasCopilotLicence: true } && quirk != CopilotBehaviour.Unavailable;
}
