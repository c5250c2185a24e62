using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Labels by REST.</summary>
internal sealed class LabelEndpoints(RestContext context)
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/repos/{owner}/{repo}/labels", "labels") { Handler = r => Task.FromResult(ListAll(r)) },
        new("POST", "/repos/{owner}/{repo}/labels", "labels") { Handler = r => Task.FromResult(Create(r)) },
        new("GET", "/repos/{owner}/{repo}/labels/{name}", "labels") { Handler = r => Task.FromResult(Get(r)) },
        new("POST", "/repos/{owner}/{repo}/issues/{number}/labels", "labels") { Handler = r => Task.FromResult(Add(r)) },
        new("DELETE", "/repos/{owner}/{repo}/issues/{number}/labels/{name}", "labels") { Handler = r => Task.FromResult(Remove(r)) },
    ];

    private SimulatedResponse ListAll(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        return RestPaging.Of(request, repository.Labels, l => context.Json.Label(repository, l));
    }

    private SimulatedResponse Get(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        return SimulatedResponse.Of(
            context.Json.Label(repository, repository.FindLabel(Name(request)) ?? throw GitHubErrorException.NotFound()));
    }

    private SimulatedResponse Create(ApiRequest request)
    {
        JsonObject body = request.Json();
        string key = context.Repository(request).Key;
        SimulatedLabel label = context.State.Write(transaction => LabelActions.Create(
            transaction, request.Writer, key, body.RequiredText("name"), body.Text("color") ?? "ededed", body.Text("description") ?? ""));
        return SimulatedResponse.Of(context.Json.Label(context.Repository(request), label), 201);
    }

    private SimulatedResponse Add(ApiRequest request)
    {
        IReadOnlyList<string> names = request.Json().Names("labels") ?? throw GitHubErrorException.Invalid(
            "Label", "labels", "missing_field", "labels wasn't supplied");
        return Labels(
            request, context.State.Write(
                transaction => context.Actions.Labels.Add(transaction, request.Writer, context.Issue(transaction, request), names)));
    }

    private SimulatedResponse Remove(ApiRequest request)
    {
        string name = Name(request);
        return Labels(request, context.State.Write(transaction =>
        {
            SimulatedIssue issue = context.Issue(transaction, request);
            return issue.Has(name)
                ? context.Actions.Labels.Remove(transaction, request.Writer, issue, name)
                : throw new GitHubErrorException(404, "NOT_FOUND", "Label does not exist");
        }));
    }

    private SimulatedResponse Labels(ApiRequest request, SimulatedIssue issue) =>
        SimulatedResponse.Of(context.Json.Labels(context.Repository(request), issue));

    // A slash in a label name stays escaped in the route value.
    private static string Name(ApiRequest request) => request.Route("name").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
