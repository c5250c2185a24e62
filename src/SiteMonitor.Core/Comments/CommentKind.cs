namespace SiteMonitor.Core.Comments;

/// <summary>What a comment of ours says. An issue has at most one of each kind. Numbers stand in histories: add at the end only.</summary>
public enum CommentKind
{
    /// <summary>Analysis assigned specialists (and, in a run of both stages, the issue is prepared).</summary>
    Assignment,

    /// <summary>An issue that was assigned before is prepared.</summary>
    Prepared,
    NeedsReview,
    NeedsClarification,

    /// <summary>A stage is switched off and has no fallback.</summary>
    Waiting,
    Failed,

    /// <summary>Everything is prepared, but Copilot could not be assigned.</summary>
    CopilotUnassigned,
}
