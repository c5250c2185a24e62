using SiteMonitor.Sandbox.Model;

namespace SiteMonitor.Sandbox;

/// <summary>Behaviour that can be changed while the sandbox runs.</summary>
internal sealed class SandboxSwitches
{
    public CopilotBehaviour Copilot { get; set; }

    public ModelBehaviour Model { get; set; }

    public AuthorBehaviour Author { get; set; }
}

/// <summary>Ways in which assigning the Copilot coding agent can fail on GitHub.</summary>
public enum CopilotBehaviour
{
    /// <summary>REST and GraphQL assign it for a user with a licence.</summary>
    None,

    /// <summary>REST answers 201 and assigns nobody.</summary>
    RestIgnores,

    /// <summary>Neither API assigns it: REST answers 201, GraphQL does not suggest the agent.</summary>
    Unavailable,
}

/// <summary>When the author of an issue edits it while it is being processed.</summary>
public enum AuthorBehaviour
{
    None,

    /// <summary>Replaces title and body once, before the first request that writes the body.</summary>
    SwapsBeforeText,

    /// <summary>Replaces title and body once, before the first request that assigns somebody.</summary>
    SwapsBeforeAssignment,

    /// <summary>Appends a line to the body before every request that writes to the issue by GraphQL.</summary>
    EditsBeforeEveryWrite,
}
