namespace SiteMonitor.LocalHost.Sandbox.Control;

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
