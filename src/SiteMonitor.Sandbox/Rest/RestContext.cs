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

    /// <summary>Returns the repository; its former name is redirected.</summary>
    public SimulatedRepository Repository(ApiRequest request)
    {
        (string owner, string name) = (request.Route("owner"), request.Route("repo"));
        SimulatedRepository repository = state.FindRepository(owner, name) ?? throw GitHubErrorException.NotFound();
        return repository.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            ? repository
            : throw Moved(
                request,
                request.Http.Request.Path.Value!.Replace($"/{owner}/{name}", $"/{repository.FullName}", StringComparison.Ordinal)
                    + request.Http.Request.QueryString);
    }

    public SimulatedIssue Issue(ApiRequest request) =>
        Existing(state.FindIssue(IssueRepository(request).Key, request.RouteNumber("number")), request);

    /// <summary>Returns the issue as the transaction sees it, so that nothing changes between read and write.</summary>
    public SimulatedIssue Issue(StateTransaction transaction, ApiRequest request) =>
        Existing(transaction.FindIssue(IssueRepository(request).Key, request.RouteNumber("number")), request);

    private SimulatedRepository IssueRepository(ApiRequest request) =>
        Repository(request) is { AreIssuesDisabled: false } repository ? repository : throw GitHubErrorException.IssuesDisabled();

    /// <summary>GitHub redirects to an absolute address.</summary>
    private static GitHubErrorException Moved(ApiRequest request, string path) =>
        GitHubErrorException.Moved($"{request.Http.Request.Scheme}://{request.Http.Request.Host}{path}", request.IsRead);

    private static SimulatedIssue Existing(SimulatedIssue? issue, ApiRequest request) => issue switch
    {
        null => throw GitHubErrorException.NotFound(),
        { TransferredTo: { } target } => throw Moved(request, $"/repos/{target.Replace("#", "/issues/", StringComparison.Ordinal)}"),
        { IsDeleted: true } => throw GitHubErrorException.Gone(),
        _ => issue,
    };
}
