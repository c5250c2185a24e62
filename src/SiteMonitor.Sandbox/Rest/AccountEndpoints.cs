using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>The authenticated user, the repository, its hooks, and the rate limits.</summary>
internal sealed class AccountEndpoints(RestContext context, Limits.RateLimits limits, Func<JsonArray> hooks)
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/user", "user") { Handler = r => Task.FromResult(Me(r)) },
        new("GET", "/rate_limit", "rate_limit") { Handler = r => Task.FromResult(Limits(r)) },
        new("GET", "/repos/{owner}/{repo}", "repository") { Handler = r => Task.FromResult(Repository(r)) },
        new("GET", "/repos/{owner}/{repo}/hooks", "hooks") { Handler = r => Task.FromResult(Hooks(r)) },
    ];

    private SimulatedResponse Me(ApiRequest request) => request.Caller.IsInstallation
        ? throw GitHubErrorException.Forbidden("Resource not accessible by integration")
        : SimulatedResponse.Of(context.Json.User(request.Caller.Account));

    private SimulatedResponse Repository(ApiRequest request) =>
        SimulatedResponse.Of(context.Json.Repository(context.Repository(request)));

    private SimulatedResponse Hooks(ApiRequest request)
    {
        _ = context.Repository(request);
        return SimulatedResponse.Of(hooks());
    }

    private SimulatedResponse Limits(ApiRequest request)
    {
        // GitHub does not count requests for the limits.
        limits.Of(request.Caller.Token).Refund(request.Kind);
        JsonObject core = Resource(request, graph: false);
        return SimulatedResponse.Of(new JsonObject
        {
            ["resources"] = new JsonObject { ["core"] = core, ["graphql"] = Resource(request, graph: true) },
            ["rate"] = core.DeepClone(),
        });
    }

    private JsonObject Resource(ApiRequest request, bool graph)
    {
        (int limit, int remaining, int used, DateTimeOffset reset) = limits.Of(request.Caller.Token).Primary(graph, limits.Now);
        return new JsonObject { ["limit"] = limit, ["used"] = used, ["remaining"] = remaining, ["reset"] = reset.ToUnixTimeSeconds() };
    }
}
