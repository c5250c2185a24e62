using System.Text.Json.Nodes;
using SiteMonitor.Tests.Integrations.Http;

namespace SiteMonitor.Tests.Integrations.GitHub.Issues;

/// <summary>Answers as GitHub words them.</summary>
internal static class GitHubJson
{
    public static JsonObject Issue(params string[] labels) => new()
    {
        ["__typename"] = "Issue",
        ["id"] = "I_7",
        ["number"] = 7,
        ["title"] = "A finding",
        ["body"] = "Line one\r\nLine two",
        ["closed"] = false,
        ["stateReason"] = null,
        ["createdAt"] = "2026-01-02T03:04:05Z",
        ["updatedAt"] = "2026-01-02T03:04:06Z",
        ["labels"] = Nodes(labels.Select(l => Label(l))),
        ["assignedActors"] = Nodes([]),
    };

    public static JsonObject WithAssignee(JsonObject issue, string login)
    {
        issue["assignedActors"] = Nodes([Actor("Bot", login)]);
        return issue;
    }

    /// <summary>The answer to the question who may be assigned.</summary>
    public static FakeResponse Suggested(params JsonObject[] actors) => Data(new JsonObject
    {
        ["viewer"] = new JsonObject { ["login"] = "octo-operator" },
        ["repository"] = new JsonObject { ["suggestedActors"] = Nodes(actors) },
    });

    public static JsonObject Label(string name) => new() { ["id"] = $"L_{name}", ["name"] = name };

    public static JsonObject Actor(string type, string login, string? id = null)
    {
        JsonObject actor = new() { ["__typename"] = type, ["login"] = login };
        if (id is not null)
        {
            actor["id"] = id;
        }

        return actor;
    }

    public static JsonObject Nodes(IEnumerable<JsonObject> nodes) => new() { ["nodes"] = new JsonArray([.. nodes]) };

    /// <summary>The answer to a read: all labels asked for exist but those left out.</summary>
    public static FakeResponse Read(RecordedRequest request, JsonObject issue, params string[] missingLabels) => ReadIn(request, issue, _ => { }, missingLabels);

    /// <param name="set">Changes the repository in the answer.</param>
    public static FakeResponse ReadIn(RecordedRequest request, JsonObject issue, Action<JsonObject> set, params string[] missingLabels)
    {
        JsonObject repository = Labels(request, missingLabels);
        repository["issueOrPullRequest"] = issue.DeepClone();
        set(repository);
        return Data(new JsonObject { ["viewer"] = new JsonObject { ["login"] = "monitor-app[bot]" }, ["repository"] = repository });
    }

    public static JsonObject Labels(RecordedRequest request, params string[] missing)
    {
        JsonObject repository = new() { ["id"] = "R_1" };
        foreach ((string alias, JsonNode? name) in request.Variables.Where(v => v.Key.StartsWith('l')))
        {
            repository[alias] = missing.Contains((string)name!) ? null : Label((string)name!);
        }

        return repository;
    }

    /// <summary>The answer to a write: its last mutation shows the issue.</summary>
    public static FakeResponse Written(RecordedRequest request, JsonObject after)
    {
        string[] order = ["unassign", "body", "add", "remove", "comment", "edit", "close", "assign"];
        string[] present = [.. order.Where(a => request.Variables.ContainsKey(a))];
        JsonObject data = [];
        foreach (string alias in present)
        {
            JsonObject issue = alias == present[^1] ? after : new JsonObject { ["id"] = "I_7" };
            data[alias] = Payload(alias, issue);
        }

        return Data(data);
    }

    /// <summary>The answer to a write of which GitHub refuses one mutation; every other one shows the issue if the document asks for it.</summary>
    public static FakeResponse PartlyRefused(RecordedRequest request, JsonObject after, string type, string field)
    {
        JsonObject data = [];
        string[] lines = ((string)request.Json["query"]!).Split('\n');
        foreach (string line in lines.Where(l => l.Contains("(input: $", StringComparison.Ordinal)))
        {
            string alias = line.Split(':')[0].Trim();
            JsonObject issue = line.Contains("...IssueAfter", StringComparison.Ordinal) ? after.DeepClone().AsObject() : new JsonObject { ["id"] = "I_7" };
            data[alias] = alias == field ? null : Payload(alias, issue);
        }

        return Error(type, field: field, data: data);
    }

    public static FakeResponse Data(JsonObject data) => FakeResponse.Ok(new JsonObject { ["data"] = data });

    public static FakeResponse Error(string? type, string message = "words of GitHub", string? field = null, JsonObject? data = null) => FakeResponse.Ok(new JsonObject
    {
        ["data"] = data,
        ["errors"] = new JsonArray(new JsonObject { ["type"] = type, ["message"] = message, ["path"] = field is null ? null : new JsonArray(field) }),
    });

    public static FakeResponse UndefinedField(string field) => FakeResponse.Ok(new JsonObject
    {
        ["errors"] = new JsonArray(new JsonObject
        {
            ["message"] = $"Field '{field}' doesn't exist on type 'Issue'",
            ["path"] = new JsonArray("query ReadIssue", "repository"),
            ["extensions"] = new JsonObject { ["code"] = "undefinedField", ["typeName"] = "Issue", ["fieldName"] = field },
        }),
    });

    /// <summary>An issue as REST shows it.</summary>
    public static JsonObject RestIssue(int number, string[] labels, string[] assignees, string createdAt = "2026-01-02T03:04:05Z") => new()
    {
        ["id"] = number,
        ["number"] = number,
        ["state"] = "open",
        ["title"] = "A finding",
        ["created_at"] = createdAt,
        ["labels"] = new JsonArray([.. labels.Select(l => new JsonObject { ["name"] = l })]),
        ["assignees"] = new JsonArray([.. assignees.Select(a => new JsonObject { ["login"] = a, ["id"] = 1, ["type"] = a == "Copilot" ? "Bot" : "User" })]),
    };

    private static JsonObject Payload(string alias, JsonObject issue) => alias switch
    {
        "body" or "close" => new() { ["issue"] = issue },
        "add" or "remove" => new() { ["labelable"] = issue },
        "assign" or "unassign" => new() { ["assignable"] = issue },
        "comment" => new() { ["subject"] = issue, ["commentEdge"] = new JsonObject { ["node"] = Comment("C_new", "written") } },
        _ => new()
        {
            ["issueComment"] = new JsonObject
            {
                ["id"] = "C_old", ["body"] = "written", ["createdAt"] = "2026-01-01T00:00:00Z", ["viewerDidAuthor"] = true, ["issue"] = issue,
            },
        },
    };

    public static JsonObject Comment(string id, string body, bool ours = true, string createdAt = "2026-01-01T00:00:00Z") =>
        new() { ["id"] = id, ["body"] = body, ["createdAt"] = createdAt, ["viewerDidAuthor"] = ours };
}
