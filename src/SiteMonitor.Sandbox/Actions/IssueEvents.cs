using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>The webhook payloads that writes cause, in GitHub's shape.</summary>
internal sealed class IssueEvents(GitHubJson json)
{
    public void Issue(StateTransaction draft, WriteContext by, SimulatedIssue issue, string action, Action<JsonObject, SimulatedRepository>? add = null)
    {
        SimulatedRepository repository = draft.Repository(issue.Repository);
        string name = issue.IsPullRequest ? "pull_request" : "issues";
        draft.QueueIssueEvent(name, action, issue, () =>
        {
            JsonObject payload = new() { ["action"] = action };
            if (issue.IsPullRequest)
            {
                payload["number"] = issue.Number;
                payload["pull_request"] = json.PullRequest(repository, issue);
            }
            else
            {
                payload["issue"] = json.Issue(repository, issue);
            }

            add?.Invoke(payload, repository);
            return Finish(payload, repository, by);
        });
    }

    public void Labeled(StateTransaction draft, WriteContext by, SimulatedIssue issue, string label, bool added) =>
        Issue(draft, by, issue, added ? "labeled" : "unlabeled", (payload, repository) => payload["label"] = json.Label(repository, repository.FindLabel(label)!));

    public void Assigned(StateTransaction draft, WriteContext by, SimulatedIssue issue, string login, bool added) =>
        Issue(draft, by, issue, added ? "assigned" : "unassigned", (payload, _) => payload["assignee"] = json.User(login));

    public void Edited(StateTransaction draft, WriteContext by, SimulatedIssue issue, string field, string? from) =>
        Issue(draft, by, issue, "edited", (payload, _) => payload["changes"] = new JsonObject { [field] = new JsonObject { ["from"] = from ?? "" } });

    public void Comment(StateTransaction draft, WriteContext by, SimulatedIssue issue, SimulatedComment comment, string action)
    {
        SimulatedRepository repository = draft.Repository(issue.Repository);
        draft.QueueIssueEvent("issue_comment", action, issue, () => Finish(
            new JsonObject
            {
                ["action"] = action,
                ["issue"] = json.Issue(repository, issue),
                ["comment"] = json.Comment(repository, issue, comment),
            },
            repository,
            by));
    }

    private JsonObject Finish(JsonObject payload, SimulatedRepository repository, WriteContext by)
    {
        payload["repository"] = json.Repository(repository);
        payload["organization"] = json.User(repository.Owner);
        payload["sender"] = json.User(by.By);
        return payload;
    }
}
