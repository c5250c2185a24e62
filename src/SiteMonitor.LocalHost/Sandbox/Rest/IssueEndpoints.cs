using System.Text.Json.Nodes;
using SiteMonitor.LocalHost.Sandbox.Actions;
using SiteMonitor.LocalHost.Sandbox.Http;
using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Rest;

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
        new("GET", "/repos/{owner}/{repo}/pulls/{number}", "pull") { Handler = r => Task.FromResult(GetPull(r)) },
    ];

    private Reply Get(ApiRequest request) => Reply.Of(context.Json.Issue(context.Repository(request), context.Issue(request)));

    private Reply GetPull(ApiRequest request)
    {
        SimulatedIssue pull = context.Issue(request);
        return pull.IsPullRequest ? Reply.Of(context.Json.PullRequest(context.Repository(request), pull)) : throw GitHubRefusal.NotFound();
    }

    private Reply List(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        IEnumerable<SimulatedIssue> issues = IssueFilter.Apply(context.State.Issues(repository.Key), request, context.State.Accounts);
        return Pages.Of(request, issues, i => context.Json.Issue(repository, i));
    }

    private Reply Create(ApiRequest request)
    {
        SimulatedRepository repository = context.Repository(request);
        JsonObject body = request.Json();
        NewIssue issue = new(body.RequiredText("title"), body.Text("body"), body.Names("labels") ?? [], IsPullRequest: false, []);
        SimulatedIssue opened = context.State.Write(draft => context.Book.Issues.Open(draft, request.By, repository.Key, issue));
        return Reply.Of(context.Json.Issue(context.Repository(request), opened), 201);
    }

    private Reply Patch(ApiRequest request)
    {
        JsonObject body = request.Json();
        SimulatedIssue patched = context.State.Write(draft => Patch(draft, request, body));
        return Reply.Of(context.Json.Issue(context.Repository(request), patched));
    }

    private SimulatedIssue Patch(Draft draft, ApiRequest request, JsonObject body)
    {
        SimulatedIssue issue = context.Issue(draft, request);
        WriteContext by = request.By;
        if (body.Text("title") is { } title)
        {
            issue = context.Book.Issues.EditTitle(draft, by, issue, title);
        }

        if (body.ContainsKey("body"))
        {
            issue = context.Book.Issues.EditBody(draft, by, issue, body.Text("body"));
        }

        if (body.Names("labels") is { } labels)
        {
            issue = context.Book.Labels.Replace(draft, by, issue, labels);
        }

        if (body.Names("assignees") is { } assignees)
        {
            issue = context.Book.Assignees.Replace(draft, by, issue, Assignable(request, assignees));
        }

        return PatchState(draft, by, issue, body);
    }

    private List<Account> Assignable(ApiRequest request, IReadOnlyList<string> logins)
    {
        List<Account> accounts = [];
        foreach (string login in logins)
        {
            Account account = context.State.Accounts.FindAssignable(login)
                ?? throw GitHubRefusal.Invalid("Issue", "assignees", "invalid", "assignees is invalid", login);
            if (!account.IsCopilot)
            {
                accounts.Add(account);
            }
            else if (CopilotAccess.Rest(request.Caller, context.Switches.Copilot))
            {
                accounts.Add(account);
            }
        }

        return accounts;
    }

    private SimulatedIssue PatchState(Draft draft, WriteContext by, SimulatedIssue issue, JsonObject body)
    {
        string? reason = body.Text("state_reason");
        switch (body.Text("state"))
        {
            case null:
                return issue;
            case "open":
                return context.Book.Issues.Reopen(draft, by, issue);
            case "closed" when reason is null || CloseReasons.Contains(reason):
                return context.Book.Issues.Close(draft, by, issue, reason ?? "completed");
            case "closed":
                throw GitHubRefusal.Invalid("Issue", "state_reason", "invalid", "state_reason is invalid", reason);
            case var state:
                throw GitHubRefusal.Invalid("Issue", "state", "invalid", "state is invalid", state);
        }
    }
}
