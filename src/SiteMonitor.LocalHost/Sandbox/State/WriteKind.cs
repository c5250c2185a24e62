namespace SiteMonitor.LocalHost.Sandbox.State;

public enum WriteKind
{
    IssueOpened,
    IssueDeleted,
    Title,
    Body,
    LabelAdded,
    LabelRemoved,
    Assigned,
    Unassigned,
    Commented,
    CommentEdited,
    CommentDeleted,
    Closed,
    Reopened,
    Merged,
    LabelCreated,
}
