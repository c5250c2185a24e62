using System.Text.Json.Serialization;

namespace SiteMonitor.Sandbox.Control;

/// <summary>An action of a person on the simulated GitHub's site.</summary>
public sealed record UserAction
{
    public required UserActionKind Do { get; init; }

    /// <summary>Repository as <c>owner/repo</c>; null for <see cref="SandboxServer.Repository"/>.</summary>
    public string? Repository { get; init; }

    /// <summary>Issue number; for <see cref="UserActionKind.Merge"/> the issue to close, or an open pull request.</summary>
    public int Number { get; init; }

    public string Login { get; init; } = "mona-lisa";

    /// <summary>Number of issues to open; with more than one their titles are numbered.</summary>
    public int Times { get; init; } = 1;

    /// <summary>A label, a login, the title of an issue to open, a repository to transfer to, or a repository's new name.</summary>
    public string Value { get; init; } = "";

    /// <summary>The new body, the comment, or the body of an issue to open.</summary>
    public string? Text { get; init; }

    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Waits for the next request that matches (see <see cref="Faults.FaultRule.Match"/>) and acts before it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Before { get; init; }

    /// <summary>Like <see cref="Before"/>, but acts after the request and before its response is sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? After { get; init; }
}

public enum UserActionKind
{
    Open,
    EditBody,

    /// <summary>Appends the text to the current body.</summary>
    AppendToBody,
    EditTitle,

    /// <summary>Deletes the newest revision of the body from the edit history; the body stays.</summary>
    DeleteRevision,
    AddLabel,
    RemoveLabel,
    Assign,
    Unassign,
    Comment,
    CloseAsCompleted,
    CloseAsNotPlanned,
    Reopen,

    /// <summary>Copilot opens a pull request that closes the issue.</summary>
    OpenPullRequest,
    Merge,
    Delete,
    Lock,
    Unlock,
    Transfer,

    /// <summary>GitHub deletes the issue.</summary>
    ConvertToDiscussion,

    /// <summary>Renames the repository; GitHub redirects its former name.</summary>
    RenameRepository,
    ArchiveRepository,
    UnarchiveRepository,
    DisableIssues,
    EnableIssues,
}
