using SiteMonitor.Sandbox.Actions;
using SiteMonitor.Sandbox.Http;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Rest;

/// <summary>Assignees by REST. Logins that cannot be assigned are ignored without an error, as GitHub does.</summary>
internal sealed class AssigneeEndpoints(RestContext context)
{
    public IEnumerable<ApiRoute> Routes =>
    [
        new("POST", "/repos/{owner}/{repo}/issues/{number}/assignees", "assignees") { Handler = r => Task.FromResult(Add(r)) },
    ];

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
}
