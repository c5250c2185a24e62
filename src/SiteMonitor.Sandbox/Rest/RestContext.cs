using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Services that the REST endpoints share.</summary>
internal sealed class RestContext(SandboxState state, GitHubJson json, GitHubActions actions, SandboxSwitches switches)
{
    public SandboxState State => state;

    public GitHubJson Json => json;

    public GitHubActions Actions => actions;

    public SandboxSwitches Switches => switches;

    public SimulatedRepository Repository(ApiRequest request) =>
        state.FindRepository(request.Route("owner"), request.Route("repo")) ?? throw GitHubErrorException.NotFound();

    public SimulatedIssue Issue(ApiRequest request) => Existing(state.FindIssue(Repository(request).Key, request.RouteNumber("number")));

    /// <summary>Returns the issue as the transaction sees it, so that nothing changes between read and write.</summary>
    public SimulatedIssue Issue(StateTransaction transaction, ApiRequest request) =>
        Existing(transaction.FindIssue(Repository(request).Key, request.RouteNumber("number")));

    private static SimulatedIssue Existing(SimulatedIssue? issue) => issue switch
    {
        null => throw GitHubErrorException.NotFound(),
        { IsDeleted: true } => throw GitHubErrorException.Gone(),
        _ => issue,
    };
}
