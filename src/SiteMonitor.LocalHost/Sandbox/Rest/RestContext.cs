using SiteMonitor.LocalHost.Sandbox.Actions;
using SiteMonitor.LocalHost.Sandbox.Http;
using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Rest;

/// <summary>What the REST endpoints share.</summary>
internal sealed class RestContext(SandboxState state, GitHubJson json, IssueBook book, SandboxSwitches switches)
{
    public SandboxState State => state;

    public GitHubJson Json => json;

    public IssueBook Book => book;

    public SandboxSwitches Switches => switches;

    public SimulatedRepository Repository(ApiRequest request) =>
        state.FindRepository(request.Route("owner"), request.Route("repo")) ?? throw GitHubRefusal.NotFound();

    public SimulatedIssue Issue(ApiRequest request) => Existing(state.FindIssue(Repository(request).Key, request.RouteNumber("number")));

    /// <summary>The issue as the draft has it, so that nothing changes between look and write.</summary>
    public SimulatedIssue Issue(Draft draft, ApiRequest request) => Existing(draft.FindIssue(Repository(request).Key, request.RouteNumber("number")));

    private static SimulatedIssue Existing(SimulatedIssue? issue) => issue switch
    {
        null => throw GitHubRefusal.NotFound(),
        { IsDeleted: true } => throw GitHubRefusal.Gone(),
        _ => issue,
    };
}
