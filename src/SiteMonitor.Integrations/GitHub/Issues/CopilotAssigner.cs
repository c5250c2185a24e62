using System.Text.Json.Nodes;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>Assigns the Copilot coding agent with the user's credential, beside whoever is assigned already.</summary>
internal sealed class CopilotAssigner(GitHubApiClient user)
{
    private const string NotOffered =
        "GitHub does not offer the Copilot coding agent for this repository: enable it there, " +
            "and give the user of GitHub:CopilotToken a Copilot seat.";

    public async Task<CallResult<CopilotAssignment>> AssignAsync(IssueRef issue, string nodeId, CancellationToken cancellationToken)
    {
        (RepositoryRef repository, int number) = issue;
        CallResult<Issue>? rest = await TryAsync(() => user.CallAsync(
            new RequestTag(RequestKind.Write),
            $"assigning Copilot to {issue}",
            github => github.Issue.Assignee.AddAssignees(repository.Owner, repository.Name, number,
                new AssigneesUpdate([CopilotLogin.Assignable])),
            cancellationToken));
        if (Settle(rest, "assigned over REST") is { } settled)
        {
            return settled;
        }

        // GitHub may answer 201 and ignore the login, or show the assignee only a moment later.
        CallResult<Issue> read = await user.CallAsync(
            new RequestTag(RequestKind.Read, extra: true),
            $"reading the assignees of {issue}",
            github => github.Issue.Get(repository.Owner, repository.Name, number),
            cancellationToken);
        return Settle(read, "assigned over REST, seen on a second look") ?? await FallBackAsync(issue, nodeId, cancellationToken);
    }

    /// <summary>The answer's outcome, or null when Copilot is not assigned (yet).</summary>
    private static CallResult<CopilotAssignment>? Settle(CallResult<Issue>? result, string detail) => result switch
    {
        { RetryAt: { } limited } => CallResult<CopilotAssignment>.RateLimited(limited),
        { Value: { } issue } when issue.Assignees?.Any(a => CopilotLogin.IsCopilot(a.Login)) == true =>
            CallResult<CopilotAssignment>.Ok(new CopilotAssignment(true, detail, [.. (issue.Labels ?? []).Select(l => l.Name)])),
        _ => null,
    };

    /// <summary>Null when GitHub found the login invalid (422): that only says that this way is closed.</summary>
    private static async Task<CallResult<Issue>?> TryAsync(Func<Task<CallResult<Issue>>> call)
    {
        try
        {
            return await call();
        }
        catch (PermanentFailureException failure) when (failure.Code == "github-unprocessable")
        {
            return null;
        }
    }

    private async Task<CallResult<CopilotAssignment>> FallBackAsync(IssueRef issue, string nodeId, CancellationToken cancellationToken)
    {
        try
        {
            return await AssignOverGraphAsync(issue, nodeId, cancellationToken);
        }
        catch (PermanentFailureException failure)
        {
            return NotAssigned($"REST ignored the assignment, and GraphQL: {failure.Message}");
        }
    }

    private async Task<CallResult<CopilotAssignment>> AssignOverGraphAsync(
        IssueRef issue, string nodeId, CancellationToken cancellationToken)
    {
        JsonObject repository = new() { ["owner"] = issue.Repository.Owner, ["name"] = issue.Repository.Name };
        CallResult<FindCopilotData> found = await user.QueryAsync<FindCopilotData>(
            Fallback(RequestKind.Read), $"looking for Copilot in {issue.Repository}", GraphDocuments.FindCopilot, repository,
            cancellationToken);
        if (found.RetryAt is { } limited)
        {
            return CallResult<CopilotAssignment>.RateLimited(limited);
        }

        if (found.Value!.AgentId is not { } agent)
        {
            return NotAssigned(NotOffered);
        }

        JsonObject input = new() { ["assignableId"] = nodeId, ["assigneeIds"] = new JsonArray(agent) };
        CallResult<AssignCopilotData> assigned = await user.QueryAsync<AssignCopilotData>(
            Fallback(RequestKind.Write), $"assigning Copilot to {issue} over GraphQL", GraphDocuments.AssignCopilot,
            new JsonObject { ["input"] = input }, cancellationToken);
        return assigned.RetryAt is { } barred
            ? CallResult<CopilotAssignment>.RateLimited(barred)
            : Judge(assigned.Value!.AddAssigneesToAssignable?.Assignable);
    }

    private static RequestTag Fallback(RequestKind kind) => new(kind, extra: true) { Headers = CopilotAgentIds.FeatureHeader };

    private static CallResult<CopilotAssignment> Judge(IssueNode? after) =>
        after?.AssignedActors?.Items.Any(a => CopilotLogin.IsCopilot(a.Login)) == true
            ? CallResult<CopilotAssignment>.Ok(
                new CopilotAssignment(true, "assigned over GraphQL", [.. (after.Labels?.Items ?? []).Select(l => l.Name)]))
            : NotAssigned("GitHub took the assignment over REST and over GraphQL, and shows it on neither: assign Copilot by hand, " +
                "and check its seat and the repository's settings.");

    private static CallResult<CopilotAssignment> NotAssigned(string reason) =>
        CallResult<CopilotAssignment>.Ok(new CopilotAssignment(false, reason));
}
