using System.Text.Json.Serialization;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>An issue or, with fewer fields, a pull request.</summary>
internal sealed record IssueNode
{
    [JsonPropertyName("__typename")]
    public string? Type { get; init; }

    public string? Id { get; init; }

    public int Number { get; init; }

    public string? Title { get; init; }

    public string? Body { get; init; }

    public bool Closed { get; init; }

    public string? StateReason { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public NodeList<LabelNode>? Labels { get; init; }

    public NodeList<ActorNode>? AssignedActors { get; init; }

    public NodeList<ActorNode>? Assignees { get; init; }

    public NodeList<CommentNode>? Comments { get; init; }

    public NodeList<EditNode>? UserContentEdits { get; init; }

    public NodeList<ClosingPullNode>? ClosedByPullRequestsReferences { get; init; }
}
