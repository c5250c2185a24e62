using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>What the REST endpoints share.</summary>
internal sealed class RestContext(SandboxState state, GitHubJson json, GitHubActions book, SandboxSwitches switches)
{
    public SandboxState State => state;

    public GitHubJson Json => json;

    public GitHubActions Actions => book;

    public SandboxSwitches Switches => switches;

    public SimulatedRepository Repository(ApiRequest request) =>
        state.FindRepository(request.Route("owner"), request.Route("repo")) ?? throw GitHubErrorException.NotFound();

    public SimulatedIssue Issue(ApiRequest request) => Existing(state.FindIssue(Repository(request).Key, request.RouteNumber("number")));

    /// <summary>The issue as the draft has it, so that nothing changes between look and write.</summary>
    public SimulatedIssue Issue(StateTransaction draft, ApiRequest request) => Existing(draft.FindIssue(Repository(request).Key, request.RouteNumber("number")));

    private static SimulatedIssue Existing(SimulatedIssue? issue) => issue switch
    {
        null => throw GitHubErrorException.NotFound(),
        { IsDeleted: true } => throw GitHubErrorException.Gone(),
        _ => issue,
    };
}
