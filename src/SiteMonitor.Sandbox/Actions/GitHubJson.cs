using System.Globalization;
using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Writes resources in the format of GitHub's REST API and webhooks.</summary>
/// <param name="baseUrl">Address of the sandbox, without a slash at the end.</param>
internal sealed class GitHubJson(SandboxState state, string baseUrl)
{
    public JsonObject User(string login) => User(state.Accounts.Named(login));

    public JsonObject User(Account account) => new()
    {
        ["login"] = account.RestLogin,
        ["id"] = account.Id,
        ["node_id"] = account.NodeId,
        ["avatar_url"] = $"{baseUrl}/avatars/u/{account.Id}",
        ["gravatar_id"] = "",
        ["url"] = $"{baseUrl}/users/{Uri.EscapeDataString(account.RestLogin)}",
        ["html_url"] = $"{baseUrl}/{Uri.EscapeDataString(account.RestLogin)}",
        ["type"] = account.Kind.ToString(),
        ["site_admin"] = false,
    };

    public JsonObject Repository(SimulatedRepository repository) => new()
    {
        ["id"] = repository.Id,
        ["node_id"] = repository.GraphId,
        ["name"] = repository.Name,
        ["full_name"] = repository.FullName,
        ["private"] = true,
        ["owner"] = User(repository.Owner),
        ["html_url"] = $"{baseUrl}/{repository.FullName}",
        ["description"] = null,
        ["fork"] = false,
        ["url"] = ApiUrl(repository),
        ["created_at"] = Time(repository.CreatedAt),
        ["updated_at"] = Time(repository.CreatedAt),
        ["has_issues"] = !repository.AreIssuesDisabled,
        ["archived"] = repository.IsArchived,
        ["disabled"] = false,
        ["open_issues_count"] = state.Issues(repository.Key).Count(i => i.IsOpen),
        ["default_branch"] = "main",
        ["permissions"] = new JsonObject { ["admin"] = false, ["maintain"] = false, ["push"] = true, ["triage"] = true, ["pull"] = true },
    };

    public JsonObject Label(SimulatedRepository repository, SimulatedLabel label) => new()
    {
        ["id"] = label.Id,
        ["node_id"] = label.NodeIdIn(repository),
        ["url"] = $"{ApiUrl(repository)}/labels/{Uri.EscapeDataString(label.Name)}",
        ["name"] = label.Name,
        ["color"] = label.Color,
        ["default"] = false,
        ["description"] = label.Description.Length == 0 ? null : label.Description,
    };

    public JsonArray Labels(SimulatedRepository repository, SimulatedIssue issue) =>
        new([.. issue.Labels.Select(name => repository.FindLabel(name)).OfType<SimulatedLabel>().Select(l => Label(repository, l))]);

    public JsonObject Issue(SimulatedRepository repository, SimulatedIssue issue)
    {
        string url = $"{ApiUrl(repository)}/issues/{Number(issue.Number)}";
        JsonObject json = new()
        {
            ["url"] = url,
            ["repository_url"] = ApiUrl(repository),
            ["labels_url"] = $"{url}/labels{{/name}}",
            ["comments_url"] = $"{url}/comments",
            ["events_url"] = $"{url}/events",
            ["html_url"] = HtmlUrl(repository, issue),
            ["id"] = issue.Id,
            ["node_id"] = issue.GraphId,
            ["number"] = issue.Number,
            ["title"] = issue.Title,
            ["user"] = User(issue.Author),
            ["labels"] = Labels(repository, issue),
            ["state"] = issue.IsOpen ? "open" : "closed",
            ["locked"] = issue.IsLocked,
            ["assignee"] = issue.Assignees.IsEmpty ? null : User(issue.Assignees[0]),
            ["assignees"] = new JsonArray([.. issue.Assignees.Select(User)]),
            ["milestone"] = null,
            ["comments"] = issue.Comments.Count,
            ["created_at"] = Time(issue.CreatedAt),
            ["updated_at"] = Time(issue.UpdatedAt),
            ["closed_at"] = issue.ClosedAt is { } closed ? Time(closed) : null,
            ["author_association"] = "MEMBER",
            ["active_lock_reason"] = null,
            ["body"] = issue.Body,
            ["closed_by"] = issue.ClosedBy is { } by ? User(by) : null,
            ["state_reason"] = issue.StateReason,
        };
        if (issue.IsPullRequest)
        {
            json["pull_request"] = new JsonObject
            {
                ["url"] = $"{ApiUrl(repository)}/pulls/{Number(issue.Number)}",
                ["html_url"] = HtmlUrl(repository, issue),
                ["merged_at"] = issue is { IsMerged: true, ClosedAt: { } merged } ? Time(merged) : null,
            };
        }

        return json;
    }

    public JsonObject PullRequest(SimulatedRepository repository, SimulatedIssue pull) => new()
    {
        ["url"] = $"{ApiUrl(repository)}/pulls/{Number(pull.Number)}",
        ["id"] = pull.Id,
        ["node_id"] = pull.GraphId,
        ["html_url"] = HtmlUrl(repository, pull),
        ["number"] = pull.Number,
        ["state"] = pull.IsOpen ? "open" : "closed",
        ["locked"] = false,
        ["title"] = pull.Title,
        ["user"] = User(pull.Author),
        ["body"] = pull.Body,
        ["labels"] = Labels(repository, pull),
        ["draft"] = false,
        ["created_at"] = Time(pull.CreatedAt),
        ["updated_at"] = Time(pull.UpdatedAt),
        ["closed_at"] = pull.ClosedAt is { } closed ? Time(closed) : null,
        ["merged_at"] = pull is { IsMerged: true, ClosedAt: { } merged } ? Time(merged) : null,
        ["merged"] = pull.IsMerged,
        ["merged_by"] = pull is { IsMerged: true, ClosedBy: { } by } ? User(by) : null,
        ["assignees"] = new JsonArray([.. pull.Assignees.Select(User)]),
        ["head"] = new JsonObject { ["ref"] = $"copilot/{Number(pull.Number)}", ["repo"] = Repository(repository) },
        ["base"] = new JsonObject { ["ref"] = "main", ["repo"] = Repository(repository) },
    };

    public JsonObject Comment(SimulatedRepository repository, SimulatedIssue issue, SimulatedComment comment) => new()
    {
        ["url"] = $"{ApiUrl(repository)}/issues/comments/{comment.Id}",
        ["html_url"] = $"{HtmlUrl(repository, issue)}#issuecomment-{comment.Id}",
        ["issue_url"] = $"{ApiUrl(repository)}/issues/{Number(issue.Number)}",
        ["id"] = comment.Id,
        ["node_id"] = comment.GraphId,
        ["user"] = User(comment.Author),
        ["created_at"] = Time(comment.CreatedAt),
        ["updated_at"] = Time(comment.UpdatedAt),
        ["author_association"] = "MEMBER",
        ["body"] = comment.Body,
    };

    public string HtmlUrl(SimulatedRepository repository, SimulatedIssue issue) =>
        $"{baseUrl}/{repository.FullName}/{(issue.IsPullRequest ? "pull" : "issues")}/{Number(issue.Number)}";

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string ApiUrl(SimulatedRepository repository) => $"{baseUrl}/repos/{repository.FullName}";
}
