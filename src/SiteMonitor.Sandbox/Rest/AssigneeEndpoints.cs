using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Assignees by REST. Logins that cannot be assigned are ignored without an error, as GitHub does.</summary>
internal sealed class AssigneeEndpoints(RestContext context)
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", "/repos/{owner}/{repo}/assignees", "assignees") { Handler = r => Task.FromResult(ListAssignable(r)) },
        new("POST", "/repos/{owner}/{repo}/issues/{number}/assignees", "assignees") { Handler = r => Task.FromResult(Add(r)) },
        new("DELETE", "/repos/{owner}/{repo}/issues/{number}/assignees", "assignees") { Handler = r => Task.FromResult(Remove(r)) },
    ];

    private SimulatedResponse ListAssignable(ApiRequest request)
    {
        _ = context.Repository(request);
        return RestPaging.Of(request, context.State.Accounts.People, context.Json.User);
    }

    private SimulatedResponse Add(ApiRequest request)
    {
        List<Account> accounts = [];
        foreach (string login in request.Json().Names("assignees") ?? [])
        {
            // "Copilot", the login that reads show, cannot be assigned.
            Account? account = context.State.Accounts.FindAssignable(login);
            if (account is { IsCopilot: false }
                || (account is not null && CopilotAccess.CanAssignByRest(request.Caller, context.Switches.Copilot)))
            {
                accounts.Add(account);
            }
        }

        SimulatedIssue issue = context.State.Write(
            transaction => context.Actions.Assignees.Add(transaction, request.Writer, context.Issue(transaction, request), accounts));
        return SimulatedResponse.Of(context.Json.Issue(context.Repository(request), issue), 201);
    }

    private SimulatedResponse Remove(ApiRequest request)
    {
        IReadOnlyList<string> logins = request.Json().Names("assignees") ?? [];
        SimulatedIssue issue = context.State.Write(transaction =>
        {
            SimulatedIssue found = context.Issue(transaction, request);
            return context.Actions.Assignees.Remove(
                transaction, request.Writer, found, [.. found.Assignees.Select(transaction.Accounts.Named).Where(a => logins.Any(a.Is))]);
        });
        return SimulatedResponse.Of(context.Json.Issue(context.Repository(request), issue));
    }
}
