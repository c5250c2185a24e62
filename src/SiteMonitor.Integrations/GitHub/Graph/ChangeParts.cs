namespace SiteMonitor.Integrations.GitHub.Graph;

/// <summary>The mutations one write is made of, in the order they run.</summary>
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
}
