using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Issues by REST.</summary>
internal sealed class IssueEndpoints(RestContext context)
{
    private static readonly string[] CloseReasons = ["completed", "not_planned", "duplicate"];

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/repos/{owner}/{repo}/issues", "issues") { Handler = r => Task.FromResult(List(r)) },
        new("POST", "/repos/{owner}/{repo}/issues", "issues") { Handler = r => Task.FromResult(Create(r)) },
        new("GET", "/repos/{owner}/{repo}/issues/{number}", "issue") { Handler = r => Task.FromResult(Get(r)) },
        new("PATCH", "/repos/{owner}/{repo}/issues/{number}", "issue") { Handler = r => Task.FromResult(Patch(r)) },
    ];

    private SimulatedResponse Get(ApiRequest request) =>
        SimulatedResponse.Of(context.Json.Issue(context.Repository(request), context.Issue(request)));

    private SimulatedResponse List(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        IEnumerable<SimulatedIssue> issues = IssueFilter.Apply(context.State.Issues(repository.Key), request);
        return RestPaging.Of(request, issues, i => context.Json.Issue(repository, i));
    }

    private SimulatedResponse Create(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        JsonObject body = request.Json();
        NewIssue issue = new(body.RequiredText("title"), body.Text("body"), body.Names("labels") ?? [], IsPullRequest: false, []);
        SimulatedIssue opened = context.State.Write(
            transaction => context.Actions.Issues.Open(transaction, request.Writer, repository.Key, issue));
        return SimulatedResponse.Of(context.Json.Issue(context.Repository(request), opened), 201);
    }

    private SimulatedResponse Patch(ApiRequest request)
    {
        JsonObject body = request.Json();
        SimulatedIssue patched = context.State.Write(transaction => Patch(transaction, request, body));
        return SimulatedResponse.Of(context.Json.Issue(context.Repository(request), patched));
    }

    private SimulatedIssue Patch(StateTransaction transaction, ApiRequest request, JsonObject body)
    {
        SimulatedIssue issue = context.Issue(transaction, request);
        WriteContext writer = request.Writer;
        if (body.Text("title") is { } title)
        {
            issue = context.Actions.Issues.EditTitle(transaction, writer, issue, title);
        }

        if (body.ContainsKey("body"))
        {
            issue = context.Actions.Issues.EditBody(transaction, writer, issue, body.Text("body"));
        }

        if (body.Names("labels") is { } labels)
        {
            issue = context.Actions.Labels.Replace(transaction, writer, issue, labels);
        }

        return PatchState(transaction, writer, issue, body);
    }

    private SimulatedIssue PatchState(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, JsonObject body)
    {
        string? reason = body.Text("state_reason");
        switch (body.Text("state"))
        {
            case null:
                return issue;
            case "open":
                return context.Actions.Issues.Reopen(transaction, writer, issue);
            case "closed" when reason is null || CloseReasons.Contains(reason):
                return context.Actions.Issues.Close(transaction, writer, issue, reason ?? "completed");
            case "closed":
                throw GitHubErrorException.Invalid("Issue", "state_reason", "invalid", "state_reason is invalid", reason);
            case var state:
                throw GitHubErrorException.Invalid("Issue", "state", "invalid", "state is invalid", state);
        }
    }
}
