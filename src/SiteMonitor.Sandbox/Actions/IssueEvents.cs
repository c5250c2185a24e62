using System.Text.Json.Nodes;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Actions;

/// <summary>Creates the webhook payloads of changes, in GitHub's format.</summary>
internal sealed class IssueEvents(GitHubJson json)
{
    public void Issue(
        StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string action,
        Action<JsonObject, SimulatedRepository>? add = null)
    {
        SimulatedRepository repository = transaction.Repository(issue.Repository);
        string name = issue.IsPullRequest ? "pull_request" : "issues";
        transaction.QueueIssueEvent(name, action, issue, () =>
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
            return Finish(payload, repository, writer);
        });
    }

    public void Labeled(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string label, bool added) =>
        Issue(
            transaction, writer, issue, added ? "labeled" : "unlabeled", (payload, repository) =>
                payload["label"] = json.Label(repository, repository.FindLabel(label)!));

    public void Assigned(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string login, bool added) =>
        Issue(transaction, writer, issue, added ? "assigned" : "unassigned", (payload, _) => payload["assignee"] = json.User(login));

    public void Edited(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, string field, string? from) =>
        Issue(
            transaction, writer, issue, "edited", (payload, _) =>
                payload["changes"] = new JsonObject { [field] = new JsonObject { ["from"] = from ?? "" } });

    public void Transferred(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, SimulatedIssue moved) =>
        Issue(transaction, writer, issue, "transferred", (payload, _) =>
        {
            SimulatedRepository target = transaction.Repository(moved.Repository);
            payload["changes"] = new JsonObject
            {
                ["new_issue"] = json.Issue(target, moved),
                ["new_repository"] = json.Repository(target),
            };
        });

    public void Comment(StateTransaction transaction, WriteContext writer, SimulatedIssue issue, SimulatedComment comment, string action)
    {
        SimulatedRepository repository = transaction.Repository(issue.Repository);
        transaction.QueueIssueEvent("issue_comment", action, issue, () => Finish(
            new JsonObject
            {
                ["action"] = action,
                ["issue"] = json.Issue(repository, issue),
                ["comment"] = json.Comment(repository, issue, comment),
            },
            repository,
            writer));
    }

    private JsonObject Finish(JsonObject payload, SimulatedRepository repository, WriteContext writer)
    {
        payload["repository"] = json.Repository(repository);
        payload["organization"] = json.User(repository.Owner);
        payload["sender"] = json.User(writer.Account);
        return payload;
    }
}
