namespace SiteMonitor.Core.Preparation;

/// <summary>A word of a text.</summary>
/// <param name="Text">As written.</param>
/// <param name="Gap">What stands between it and the word before it; more than three characters, or a line end, read as a full stop.</param>
internal readonly record struct Word(string Text, string Gap)
{
    public bool IsCapitalised => char.IsUpper(Text[0]);

    /// <summary>Whether it goes on from the word before it: only a space or hyphen lies between.</summary>
    public bool Follows => Gap is " " or "-";
}
