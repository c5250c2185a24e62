using System.Text.Json.Nodes;

namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>One mutation of a write.</summary>
/// <param name="Alias">Its name in the response, and its variable's.</param>
/// <param name="Selection">What is asked of its payload, around the given fields of the issue.</param>
internal sealed record Mutation(ChangeParts Part, string Alias, string Field, string InputType, Func<string, string> Selection)
{
    private const string CommentFields = "id body createdAt viewerDidAuthor";
    private const ChangeParts Optional = ChangeParts.NewComment | ChangeParts.EditComment | ChangeParts.Assign;

    /// <summary>In execution order: Copilot is unassigned before any change, and assigned after all changes.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new(ChangeParts.Unassign, "unassign", "removeAssigneesFromAssignable", "RemoveAssigneesFromAssignableInput", OnIssue("assignable")),
        new(ChangeParts.Body, "body", "updateIssue", "UpdateIssueInput", issue => $"issue {{ {issue} }}"),
        new(ChangeParts.AddLabels, "add", "addLabelsToLabelable", "AddLabelsToLabelableInput", OnIssue("labelable")),
        new(ChangeParts.RemoveLabels, "remove", "removeLabelsFromLabelable", "RemoveLabelsFromLabelableInput", OnIssue("labelable")),
        new(ChangeParts.NewComment, "comment", "addComment", "AddCommentInput", issue =>
            $"{OnIssue("subject")(issue)} commentEdge {{ node {{ {CommentFields} }} }}"),
        new(ChangeParts.EditComment, "edit", "updateIssueComment", "UpdateIssueCommentInput", issue =>
            $"issueComment {{ {CommentFields} issue {{ {issue} }} }}"),
        new(ChangeParts.Close, "close", "closeIssue", "CloseIssueInput", issue => $"issue {{ {issue} }}"),
        new(ChangeParts.Assign, "assign", "addAssigneesToAssignable", "AddAssigneesToAssignableInput", OnIssue("assignable")),
    ];

    /// <summary>Whether the write counts as done although GitHub refuses this part.</summary>
    public bool IsOptional => Optional.HasFlag(Part);

    /// <summary>Returns the name of a part in the response.</summary>
    public static string AliasOf(ChangeParts part) => All.First(m => m.Part == part).Alias;

    private static Func<string, string> OnIssue(string field) => issue => $"{field} {{ ... on Issue {{ {issue} }} }}";
}

/// <summary>The parts of one write.</summary>
[Flags]
internal enum ChangeParts
{
    None = 0,
    Body = 1,
    AddLabels = 2,
    RemoveLabels = 4,
    NewComment = 8,
    EditComment = 16,
    Close = 32,
    Unassign = 64,
    Assign = 128,
}

/// <summary>The parts of one write and their variables.</summary>
internal sealed class MutationInputs
{
    public ChangeParts Parts { get; private set; }

    /// <summary>Our older comments that are replaced by the same request.</summary>
    public int ReplacedComments { get; private set; }

    /// <summary>Comments of ours that are deleted after the parts.</summary>
    public int DeletedComments { get; private set; }

    public bool IsEmpty => Parts == ChangeParts.None && DeletedComments == 0;

    public JsonObject Variables { get; } = [];

    /// <summary>Set when GitHub assigned Copilot although it refused another part.</summary>
    public bool WasAssigned { get; set; }

    public MutationInputs Add(ChangeParts part, JsonObject input)
    {
        Parts |= part;
        Variables[Mutation.AliasOf(part)] = input;
        return this;
    }

    public void AddReplacedComment(string? nodeId, string body) =>
        Variables[$"{GraphDocuments.ReplacedCommentAlias}{ReplacedComments++}"] = new JsonObject { ["id"] = nodeId, ["body"] = body };

    public void AddDeletedComment(string nodeId) =>
        Variables[$"{GraphDocuments.DeletedCommentAlias}{DeletedComments++}"] = new JsonObject { ["id"] = nodeId };
}
