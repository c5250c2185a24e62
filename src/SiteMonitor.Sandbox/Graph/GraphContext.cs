using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.Limits;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Graph;

/// <summary>What resolvers need to know of the request they run for.</summary>
internal sealed class GraphContext(ApiRequest request, SandboxState state, GitHubJson json, GitHubActions book, SandboxSwitches switches, RateLimits limits) : Dictionary<string, object?>
{
    /// <summary>The header that opens the parts of the schema about Copilot.</summary>
    public const string CopilotFeature = "issues_copilot_assignment_api_support";

    public ApiRequest Request => request;

    public SandboxState State => state;

    public GitHubJson Json => json;

    public GitHubActions Actions => book;

    public RateLimits Limits => limits;

    public WriteContext Writer => request.Writer;

    public bool CanAssignCopilot =>
        request.Http.Request.Headers["GraphQL-Features"].ToString().Split(',', StringSplitOptions.TrimEntries).Contains(CopilotFeature)
        && CopilotAccess.CanAssignByGraph(request.Caller, switches.Copilot);
}
