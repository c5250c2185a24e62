using SiteMonitor.LocalHost.Sandbox.Actions;
using SiteMonitor.LocalHost.Sandbox.Http;
using SiteMonitor.LocalHost.Sandbox.State;

namespace SiteMonitor.LocalHost.Sandbox.Rest;

/// <summary>Assignees by REST. Logins that cannot be assigned are passed over without a word, as GitHub does.</summary>
internal sealed class AssigneeEndpoints(RestContext context)
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/repos/{owner}/{repo}/assignees", "assignees") { Handler = r => Task.FromResult(ListAssignable(r)) },
        new("POST", "/repos/{owner}/{repo}/issues/{number}/assignees", "assignees") { Handler = r => Task.FromResult(Add(r)) },
        new("DELETE", "/repos/{owner}/{repo}/issues/{number}/assignees", "assignees") { Handler = r => Task.FromResult(Remove(r)) },
    ];

    private Reply ListAssignable(ApiRequest request)
    {
        _ = context.Repository(request);
        return Pages.Of(request, context.State.Accounts.People, context.Json.User);
    }

    private Reply Add(ApiRequest request)
    {
        List<Account> accounts = [];
        foreach (string login in request.Json().Names("assignees") ?? [])
        {
            // "Copilot", as reads show it, is no login that can be assigned.
            Account? account = context.State.Accounts.FindAssignable(login);
            if (account is { IsCopilot: false } || (account is not null && CopilotAccess.Rest(request.Caller, context.Switches.Copilot)))
            {
                accounts.Add(account);
            }
        }

        SimulatedIssue issue = context.State.Write(draft => context.Book.Assignees.Add(draft, request.By, context.Issue(draft, request), accounts));
        return Reply.Of(context.Json.Issue(context.Repository(request), issue), 201);
    }

    private Reply Remove(ApiRequest request)
    {
        IReadOnlyList<string> logins = request.Json().Names("assignees") ?? [];
        SimulatedIssue issue = context.State.Write(draft =>
        {
            SimulatedIssue found = context.Issue(draft, request);
            return context.Book.Assignees.Remove(
                draft, request.By, found, [.. found.Assignees.Select(draft.Accounts.Named).Where(a => logins.Any(a.Is))]);
        });
        return Reply.Of(context.Json.Issue(context.Repository(request), issue));
    }
}
