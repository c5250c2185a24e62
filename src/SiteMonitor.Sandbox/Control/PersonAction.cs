using System.Text.Json.Serialization;

namespace SiteMonitor.Sandbox.Control;

/// <summary>Something a person does on the simulated GitHub's site.</summary>
public sealed record PersonAction
{
    public required PersonActionKind Do { get; init; }

    /// <summary><c>owner/repo</c>.</summary>
    public string Repository { get; init; } = Seeds.SeedCatalogue.Repository;

    /// <summary>The issue; for <see cref="PersonActionKind.Merge"/> the issue that a new pull request closes, or an open pull request itself.</summary>
    public int Number { get; init; }

    public string Login { get; init; } = "mona-lisa";

    /// <summary>A label, a login to assign, or the title of an issue to open.</summary>
    public string Value { get; init; } = "";

    /// <summary>The new body, the comment, or the body of an issue to open.</summary>
    public string? Text { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Waits for the next request that has these words (see <see cref="Faults.FaultRule.Match"/>) and acts just before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Before { get; init; }

    /// <summary>As <see cref="Before"/>, but just after it, before its answer leaves.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? After { get; init; }
}

public enum PersonActionKind
{
    Open,
    EditBody,

    /// <summary>Puts the text behind the body as it then is.</summary>
    AppendToBody,
    EditTitle,
    AddLabel,
    RemoveLabel,
    Assign,
    Unassign,
    Comment,
    CloseAsCompleted,
    CloseAsNotPlanned,
    Reopen,
    Merge,
    Delete,
}
