using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>The request for which resolvers run.</summary>
internal sealed class GraphContext(
    ApiRequest request, SandboxState state, GitHubActions actions, SandboxSwitches switches) : Dictionary<string, object?>
{
    /// <summary>Value of the <c>GraphQL-Features</c> header that enables Copilot's part of the schema.</summary>
    public const string CopilotFeature = "issues_copilot_assignment_api_support";

    public ApiRequest Request => request;

    public SandboxState State => state;

    public GitHubActions Actions => actions;

    public WriteContext Writer => request.Writer;

    public bool CanAssignCopilot =>
        request.Http.Request.Headers["GraphQL-Features"].ToString().Split(',', StringSplitOptions.TrimEntries).Contains(CopilotFeature)
        && CopilotAccess.CanAssignByGraph(request.Caller, switches.Copilot);
}
