using System.Text.Json.Nodes;
using Octokit;
using SiteMonitor.Core;
using SiteMonitor.Core.Issues;
using SiteMonitor.Integrations.GitHub.Client;
using SiteMonitor.Integrations.GitHub.Graph;
using SiteMonitor.Integrations.GitHub.Http;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Integrations.GitHub.Issues;

/// <summary>
/// Writes body and labels and assigns Copilot in one request with the user's credential. GitHub runs the mutations in order, so the last
/// result shows any change of the text between the write and the assignment.
/// </summary>
internal sealed class CopilotAssigner(GitHubApiClient user, IssueWriter writer, CopilotAgentIds agents)
{
    /// <summary>GitHub's limit; further assignees are ignored silently.</summary>
    private const int MaxAssignees = 10;

    private const string NotOffered =
        "GitHub does not offer the Copilot coding agent for this repository: enable it there, " +
            "and give the user of GitHub:CopilotToken a Copilot seat.";

    private const string Full = "The issue has 10 assignees, the most GitHub allows, so Copilot cannot be added: remove one of them.";

    private const string Ignored =
        "GitHub accepted the assignment but does not show it: assign Copilot by hand, and check its seat and the repository's settings.";

    public async Task<CallResult<AssignCopilotResult>> AssignCopilotAsync(
        IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        RequireBodyAndLabelsOnly(change);
        if (IsAssigned(issue) && change.IsEmpty)
        {
            return Done(issue, issue, change, Assigned("assigned before", issue));
        }

        if (!IsAssigned(issue) && issue.Assignees.Count >= MaxAssignees)
        {
            return Done(issue, issue, IssueChange.None, new CopilotAssignment(false, Full, issue.Labels, CopilotAssignment.AssigneeLimit));
        }

        if (await writer.PrepareAsync(issue.Ref.Repository, change, cancellationToken) is { } barred)
        {
            return CallResult<AssignCopilotResult>.RateLimited(barred);
        }

        CallResult<string> agent = await FindAgentAsync(issue.Ref.Repository, cancellationToken);
        if (agent.RetryAt is { } later)
        {
            return CallResult<AssignCopilotResult>.RateLimited(later);
        }

        return await WriteAsync(issue, change, agent.Value!, cancellationToken);
    }

    /// <summary>Unassigns Copilot first, then applies the change.</summary>
    public async Task<CallResult<IssueSnapshot>> UnassignCopilotAsync(
        IssueSnapshot issue, IssueChange change, CancellationToken cancellationToken)
    {
        RequireBodyAndLabelsOnly(change);
        if (await writer.PrepareAsync(issue.Ref.Repository, change, cancellationToken) is { } barred)
        {
            return CallResult<IssueSnapshot>.RateLimited(barred);
        }

        CallResult<string> agent = await FindAgentAsync(issue.Ref.Repository, cancellationToken);
        if (agent.RetryAt is { } later)
        {
            return CallResult<IssueSnapshot>.RateLimited(later);
        }

        if (agent.Value is "" && IsAssigned(issue))
        {
            // Without the agent's id it was assigned over REST.
            (RepositoryRef repository, int number) = (issue.RepositoryName ?? issue.Ref.Repository, issue.Ref.Number);
            CallResult<Issue>? answer = await TryAsync(() => user.CallAsync(
                Tag(RequestKind.Write, extra: true),
                $"unassigning Copilot from {issue.Ref}",
                github => github.Issue.Assignee.RemoveAssignees(repository.Owner, repository.Name, number,
                    new AssigneesUpdate([CopilotLogin.Assignable])),
                cancellationToken));
            if (answer?.RetryAt is { } barredUntil)
            {
                return CallResult<IssueSnapshot>.RateLimited(barredUntil);
            }

            issue = answer?.Value is { } shown ? issue with { Assignees = [.. (shown.Assignees ?? []).Select(a => a.Login)] } : issue;
        }

        MutationInputs inputs = writer.Compose(issue.Ref.Repository, issue.NodeId, change);
        if (agent.Value is { Length: > 0 } id)
        {
            inputs.Add(ChangeParts.Unassign, Assignee(issue, id));
        }

        if (inputs.IsEmpty)
        {
            return CallResult<IssueSnapshot>.Ok(issue);
        }

        CallResult<MutationResult> sent = await writer.SendAsync(user, issue.Ref, change, inputs, Tag(RequestKind.Write, extra: true),
            cancellationToken);
        return sent.RetryAt is { } limited
            ? CallResult<IssueSnapshot>.RateLimited(limited)
            : CallResult<IssueSnapshot>.Ok(sent.Value!.Issue);
    }

    private static void RequireBodyAndLabelsOnly(IssueChange change)
    {
        if (change.Comment is not null || change.ResolvedComments.Count > 0 || change.Close)
        {
            throw new ArgumentException("Comments are written with the App's credential, and a hand-over closes nothing.", nameof(change));
        }
    }

    private async Task<CallResult<AssignCopilotResult>> WriteAsync(
        IssueSnapshot issue, IssueChange change, string agent, CancellationToken cancellationToken)
    {
        MutationInputs inputs = writer.Compose(issue.Ref.Repository, issue.NodeId, change);
        if (agent.Length > 0 && !IsAssigned(issue))
        {
            inputs.Add(ChangeParts.Assign, Assignee(issue, agent));
        }

        IssueSnapshot after = issue;
        GraphError? error = null;
        if (inputs.Parts != ChangeParts.None)
        {
            CallResult<MutationResult> sent = await SendAsync(issue, change, inputs, cancellationToken);
            if (sent.RetryAt is { } limited)
            {
                return CallResult<AssignCopilotResult>.RateLimited(limited);
            }

            (after, error) = sent.Value!;
        }

        return IsAssigned(after)
            ? Done(issue, after, change, Assigned("assigned together with the text", after))
            : await FallBackAsync(issue, after, change, Refusal(agent, error), cancellationToken);
    }

    /// <summary>Sends the request, and unassigns Copilot at once if GitHub assigned it although it refused the text or a label.</summary>
    private async Task<CallResult<MutationResult>> SendAsync(
        IssueSnapshot issue, IssueChange change, MutationInputs inputs, CancellationToken cancellationToken)
    {
        try
        {
            return await writer.SendAsync(user, issue.Ref, change, inputs, Tag(RequestKind.Write), cancellationToken);
        }
        catch (PipelineException) when (inputs.WasAssigned)
        {
            CallResult<IssueSnapshot> undone = await UnassignCopilotAsync(issue, IssueChange.None, cancellationToken);
            if (undone.RetryAt is { } limited)
            {
                // The next attempt finds Copilot on an issue that lacks our text, and unassigns it.
                return CallResult<MutationResult>.RateLimited(limited);
            }

            throw;
        }
    }

    private async Task<CallResult<string>> FindAgentAsync(RepositoryRef repository, CancellationToken cancellationToken)
    {
        try
        {
            return await agents.FindAsync(repository, cancellationToken);
        }
        catch (PermanentFailureException failure) when (failure.Code != "github-unauthorized")
        {
            // An older server does not support the query; REST may still assign.
            return CallResult<string>.Ok(string.Empty);
        }
    }

    private CopilotAssignment Refusal(string agent, GraphError? error) => (agent, error?.Type) switch
    {
        ("", _) => new CopilotAssignment(false, NotOffered, Code: CopilotAssignment.NotOffered),
        (_, "FORBIDDEN" or "INSUFFICIENT_SCOPES") => new CopilotAssignment(
            false, $"The credential in {user.Setting} may not assign Copilot: {GitHubFailures.RightsOf(user.Setting)}",
            Code: CopilotAssignment.Forbidden),
        (_, { } type) => new CopilotAssignment(
            false, $"GitHub refused the assignment ({type}): assign Copilot by hand, and check its seat and the repository's settings.",
            Code: CopilotAssignment.Ignored),
        _ => new CopilotAssignment(false, Ignored, Code: CopilotAssignment.Ignored),
    };

    /// <summary>Assigns over REST in separate requests; the response has the text too.</summary>
    private async Task<CallResult<AssignCopilotResult>> FallBackAsync(
        IssueSnapshot issue, IssueSnapshot written, IssueChange change, CopilotAssignment refusal, CancellationToken cancellationToken)
    {
        agents.Invalidate(issue.Ref.Repository);
        (RepositoryRef repository, int number) = (issue.RepositoryName ?? issue.Ref.Repository, issue.Ref.Number);
        CallResult<Issue>? answer = await TryAsync(() => user.CallAsync(
            Tag(RequestKind.Write, extra: true),
            $"assigning Copilot to {issue.Ref}",
            github => github.Issue.Assignee.AddAssignees(repository.Owner, repository.Name, number,
                new AssigneesUpdate([CopilotLogin.Assignable])),
            cancellationToken));
        if (answer is { Value: { } shown } && !IsAssigned(shown))
        {
            // GitHub may answer 201 and ignore the login, or show the assignee only a moment later.
            answer = await TryAsync(() => user.CallAsync(
                Tag(RequestKind.Read, extra: true),
                $"reading the assignees of {issue.Ref}",
                github => github.Issue.Get(repository.Owner, repository.Name, number),
                cancellationToken));
        }

        return answer switch
        {
            { RetryAt: { } limited } => CallResult<AssignCopilotResult>.RateLimited(limited),
            { Value: { } after } when IsAssigned(after) =>
                Done(issue, Merge(written, after), change, Assigned("assigned over REST", Merge(written, after))),
            _ => Done(issue, written, change, refusal with { Labels = written.Labels }),
        };
    }

    /// <summary>Returns null if GitHub refused, because REST is only the fallback.</summary>
    private static async Task<CallResult<Issue>?> TryAsync(Func<Task<CallResult<Issue>>> call)
    {
        try
        {
            return await call();
        }
        catch (PermanentFailureException failure) when (
            failure.Code is "github-unprocessable" or "github-forbidden" or "github-gone" or GitHubFailures.NotFoundCode)
        {
            return null;
        }
    }

    private static IssueSnapshot Merge(IssueSnapshot written, Issue shown) => written with
    {
        Title = shown.Title ?? written.Title,
        Body = shown.Body ?? string.Empty,
        Labels = [.. (shown.Labels ?? []).Select(l => l.Name)],
        Assignees = [.. (shown.Assignees ?? []).Select(a => a.Login)],
    };

    private static CallResult<AssignCopilotResult> Done(
        IssueSnapshot read, IssueSnapshot after, IssueChange change, CopilotAssignment copilot) =>
        CallResult<AssignCopilotResult>.Ok(new AssignCopilotResult(after, copilot)
        {
            IsTextAsWritten = after.Title == read.Title && WithoutLineEnds(after.Body) == WithoutLineEnds(change.Body ?? read.Body),
        });

    /// <summary>GitHub may change line ends when it stores a text.</summary>
    private static string WithoutLineEnds(string text) => text.ReplaceLineEndings("\n").TrimEnd();

    private static CopilotAssignment Assigned(string detail, IssueSnapshot after) => new(true, detail, after.Labels);

    private static bool IsAssigned(IssueSnapshot issue) => issue.Assignees.Any(CopilotLogin.IsCopilot);

    private static bool IsAssigned(Issue issue) => issue.Assignees?.Any(a => CopilotLogin.IsCopilot(a.Login)) == true;

    private static JsonObject Assignee(IssueSnapshot issue, string agent) =>
        new() { ["assignableId"] = issue.NodeId, ["assigneeIds"] = new JsonArray(agent) };

    private static RequestTag Tag(RequestKind kind, bool extra = false) => new(kind, extra) { Headers = CopilotAgentIds.FeatureHeader };
}
