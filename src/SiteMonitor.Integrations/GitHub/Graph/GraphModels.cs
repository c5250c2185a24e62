using System.Text.Json;
using System.Text.Json.Serialization;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <param name="Login">A bot's comes without the <c>[bot]</c> that REST shows.</param>
/// <param name="Id">Asked for bots that may be assigned only.</param>
/// <param name="IsViewer">Whether it is the user whose credential asks; asked of editors that are users only.</param>
internal sealed record ActorNode(
    [property: JsonPropertyName("__typename")] string? Type, string? Login, string? Id = null, bool? IsViewer = null)
{
    /// <summary>The login as REST and webhooks write it.</summary>
    public string FullLogin =>
        Type == "Bot" && Login is not null && !Login.EndsWith("[bot]", StringComparison.Ordinal) ? $"{Login}[bot]" : Login ?? string.Empty;
}

/// <summary>The results of one write's mutations, by the aliases of <see cref="Mutation.All"/>.</summary>
internal sealed record ApplyChangeData
{
    public IssuePayload? Unassign { get; init; }

    public IssuePayload? Body { get; init; }

    public IssuePayload? Add { get; init; }

    public IssuePayload? Remove { get; init; }

    public IssuePayload? Comment { get; init; }

    public IssuePayload? Edit { get; init; }

    public IssuePayload? Close { get; init; }

    public IssuePayload? Assign { get; init; }

    /// <summary>The issue after the last successful mutation that returns it.</summary>
    public IssueNode? IssueAfter => new[] { Assign, Close, Edit, Comment, Remove, Add, Body, Unassign }
        .Select(payload => payload?.UpdatedIssue)
        .FirstOrDefault(issue => issue?.Title is not null);

    public CommentNode? WrittenComment => Comment?.Comment ?? Edit?.Comment;
}

internal sealed record ClosingIssue(int Number, IssueRepository? Repository);

internal sealed record ClosingIssuesData(ClosingRepository? Repository);

/// <summary>A pull request that is linked to close an issue.</summary>
/// <param name="Number">It, and what follows, asked for in histories only.</param>
internal sealed record ClosingPullNode(
    bool Merged, bool Closed, int Number = 0, ActorNode? Author = null, IssueRepository? Repository = null);

internal sealed record ClosingPullRequest(NodeList<ClosingIssue>? ClosingIssuesReferences);

internal sealed record ClosingRepository(ClosingPullRequest? PullRequest);

internal sealed record CommentEdge(CommentNode? Node);

/// <param name="Issue">Only in the answer to a changed comment.</param>
internal sealed record CommentNode(string Id, string Body, DateTimeOffset CreatedAt, bool ViewerDidAuthor, IssueNode? Issue = null);

internal sealed record CreateLabelsData
{
    /// <summary>Payloads by their aliases <c>l0</c>, <c>l1</c> …; null for one that failed.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Aliases { get; set; } = new Dictionary<string, JsonElement>();

    public IEnumerable<LabelNode> Created => Aliases.Values
        .Where(payload => payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("label", out JsonElement label)
            && label.ValueKind == JsonValueKind.Object)
        .Select(payload => payload.GetProperty("label").Deserialize(GraphJson.Default.LabelNode)!);
}

/// <param name="Diff">The whole body after the edit, in spite of its name; null once somebody deleted that revision.</param>
internal sealed record EditNode(DateTimeOffset EditedAt, DateTimeOffset? DeletedAt, string? Diff, ActorNode? Editor);

internal sealed record FindCopilotData(ActorNode? Viewer, SuggestingRepository? Repository)
{
    /// <summary>The agent's node id; null where the repository does not offer it to the user.</summary>
    public string? AgentId =>
        Repository?.SuggestedActors?.Items.FirstOrDefault(a => a.Type == "Bot" && CopilotLogin.IsCopilot(a.Login))?.Id;
}

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

    public DateTimeOffset? ClosedAt { get; init; }

    public ActorNode? Author { get; init; }

    public IssueRepository? Repository { get; init; }

    public NodeList<LabelNode>? Labels { get; init; }

    public NodeList<ActorNode>? AssignedActors { get; init; }

    public NodeList<ActorNode>? Assignees { get; init; }

    public NodeList<CommentNode>? Comments { get; init; }

    public NodeList<EditNode>? UserContentEdits { get; init; }

    public NodeList<ClosingPullNode>? ClosedByPullRequestsReferences { get; init; }

    public NodeList<TimelineNode>? TimelineItems { get; init; }
}

/// <summary>A mutation's result; which member has the issue depends on the mutation.</summary>
internal sealed record IssuePayload(
    IssueNode? Issue, IssueNode? Labelable, IssueNode? Assignable, IssueNode? Subject, CommentEdge? CommentEdge, CommentNode? IssueComment)
{
    public IssueNode? UpdatedIssue => Issue ?? Labelable ?? Assignable ?? Subject ?? IssueComment?.Issue;

    public CommentNode? Comment => CommentEdge?.Node ?? IssueComment;
}

internal sealed record IssueRepository(string NameWithOwner);

/// <summary>Comments by their ids; null for one that was deleted.</summary>
internal sealed record KnownCommentsData(IReadOnlyList<CommentNode?>? Nodes);

internal sealed record LabelNode(string Id, string Name);

internal sealed record LabelsData(ActorNode? Viewer, RepositoryNode? Repository);

/// <summary>A connection's nodes; GitHub may answer null for the list and for any entry.</summary>
internal sealed record NodeList<T>(IReadOnlyList<T?>? Nodes, PageInfo? PageInfo = null, int TotalCount = 0)
    where T : class
{
    public IEnumerable<T> Items => Nodes?.OfType<T>() ?? [];
}

/// <summary>Position of a page in a connection.</summary>
internal sealed record PageInfo(bool HasPreviousPage, string? StartCursor, bool HasNextPage = false, string? EndCursor = null);

/// <summary>More of an issue's comments, timeline or edits.</summary>
internal sealed record IssuePartData(IssueNode? Node);

internal sealed record ReadIssueData(ActorNode? Viewer, RepositoryNode? Repository);

internal sealed record RepositoryNode
{
    public string? Id { get; init; }

    public string? NameWithOwner { get; init; }

    public bool IsArchived { get; init; }

    public bool? HasIssuesEnabled { get; init; }

    public IssueNode? IssueOrPullRequest { get; init; }

    public NodeList<IssueNode>? Issues { get; init; }

    /// <summary>The requested labels by their aliases <c>l0</c>, <c>l1</c> …; null for one the repository lacks.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement> Aliases { get; set; } = new Dictionary<string, JsonElement>();

    public LabelNode? Label(int index) =>
        Aliases.TryGetValue($"l{index}", out JsonElement label) && label.ValueKind == JsonValueKind.Object
            ? label.Deserialize(GraphJson.Default.LabelNode)
            : null;
}

internal sealed record SuggestingRepository(NodeList<ActorNode>? SuggestedActors);

/// <summary>An entry of an issue's timeline; which members it has depends on its type.</summary>
internal sealed record TimelineNode(
    [property: JsonPropertyName("__typename")] string? Type,
    DateTimeOffset CreatedAt,
    ActorNode? Actor = null,
    LabelNode? Label = null,
    ActorNode? Assignee = null,
    string? PreviousTitle = null);

internal sealed record ViewerData(ActorNode? Viewer);
