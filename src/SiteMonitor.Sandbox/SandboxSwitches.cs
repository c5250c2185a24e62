using SiteMonitor.Sandbox.Model;

namespace SiteMonitor.Sandbox;

/// <summary>What can be switched while the sandbox runs.</summary>
internal sealed class SandboxSwitches
{
    public CopilotBehaviour Copilot { get; set; }

    public ModelBehaviour Model { get; set; }
}

/// <summary>Ways in which assigning the Copilot coding agent goes wrong on GitHub.</summary>
public enum CopilotBehaviour
{
    /// <summary>REST and GraphQL both assign it, for a user with a licence.</summary>
    None,

    /// <summary>REST answers 201 and assigns nobody.</summary>
    RestIgnores,

    /// <summary>Neither way takes: REST answers 201, GraphQL does not suggest the agent.</summary>
    Unavailable,
}
