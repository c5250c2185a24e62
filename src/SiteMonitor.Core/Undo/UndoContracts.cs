using System.Text.Json.Serialization;

namespace SiteMonitor.Core.Undo;

/// <summary>The body of <c>POST rollout/undo</c>.</summary>
public sealed record UndoRequest
{
    /// <summary>Who asks; recorded in the audit log.</summary>
    public string Operator { get; init; } = string.Empty;

    public string Reason { get; init; } = string.Empty;

    /// <summary>Shows what would be taken back, and changes nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// Writes since then are taken back: a time such as <c>2026-11-02T08:00Z</c>, or how long ago: <c>90m</c>, <c>6h</c>, <c>2d</c>.
    /// </summary>
    public string Since { get; init; } = string.Empty;

    /// <summary><c>analysis</c> (with the preparation that followed it) or <c>preparation</c>; empty: both.</summary>
    public string Stage { get; init; } = string.Empty;

    /// <summary>This issue only, as <c>owner/name#12</c>; empty: all.</summary>
    public string Issue { get; init; } = string.Empty;
}

/// <summary>The progress and result of an undo.</summary>
public sealed record UndoStatus
{
    /// <summary>Identifies the undo in <c>GET rollout/undo/{id}</c>.</summary>
    public required string Id { get; init; }

    public required UndoState State { get; init; }

    public bool DryRun { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary><c>analysis</c>, <c>preparation</c> or empty for both.</summary>
    public string Stage { get; init; } = string.Empty;

    /// <summary>The step under way, as display text; empty when it has ended.</summary>
    public string Progress { get; init; } = string.Empty;

    /// <summary>Why it failed, as display text; empty when it did not.</summary>
    public string Problem { get; init; } = string.Empty;

    /// <summary>Issues taken back, or in a dry run those that would be.</summary>
    public int Undone { get; init; }

    /// <summary>Issues left as they are, with the reason.</summary>
    public int Left { get; init; }

    public int Failed { get; init; }

    /// <summary>Whether there are more issues than one undo takes: run it again.</summary>
    public bool More { get; init; }

    /// <summary>GitHub requests that it made.</summary>
    public int GitHubCalls { get; init; }

    /// <summary>Empty until it has ended.</summary>
    public IReadOnlyList<UndoneIssue> Issues { get; init; } = [];

    /// <summary>What to do next.</summary>
    public string Next { get; init; } = string.Empty;
}

public enum UndoState
{
    Running,
    Completed,
    Failed,
}

/// <summary>What became of one issue.</summary>
/// <param name="Issue">Canonical <c>owner/name#12</c>.</param>
/// <param name="Code">Why it was left or failed, one of <see cref="UndoCodes"/> or a code of the pipeline; empty when undone.</param>
/// <param name="Detail">What was taken back, or why not; display text.</param>
public sealed record UndoneIssue(string Issue, UndoResult Result, string Code, string Detail);

[JsonConverter(typeof(JsonStringEnumConverter<UndoResult>))]
public enum UndoResult
{
    /// <summary>What the pipeline wrote is gone; in a dry run, it would be.</summary>
    Undone,

    /// <summary>The issue stays as it is.</summary>
    Left,
    Failed,
}

/// <summary>Stable codes of the reasons why an issue is left as it is, beside those of <see cref="Issues.SkipCodes"/>.</summary>
public static class UndoCodes
{
    public const string AlreadyUndone = "already-undone";

    /// <summary>The legacy logic wrote on the issue too, and its writes cannot be told apart from the unified ones.</summary>
    public const string LegacyWritten = "legacy-written";

    /// <summary>An older version recorded the run, without its labels.</summary>
    public const string LabelsUnknown = "labels-unknown";

    /// <summary>The runs have left nothing that could be taken back.</summary>
    public const string NothingWritten = "nothing-written";
    public const string RunActive = "run-active";
    public const string TouchedSince = "touched-since";
    public const string CommentedSince = "commented-since";
    public const string OpenPullRequest = "open-pull-request";
    public const string PullRequestMerged = "pull-request-merged";
}
