namespace SiteMonitor.Core.Preparation;

/// <summary>The space a body leaves for our section.</summary>
/// <param name="Characters">UTF-16 units; zero when the body is full.</param>
/// <param name="NewLine">The line end the body uses, which the section will use too.</param>
public sealed record GuidanceSpace(int Characters, string NewLine)
{
    /// <summary>Whether this content (with LF line ends) fits.</summary>
    public bool Fits(string content) => LengthOf(content, NewLine) <= Characters;

    /// <summary>The length of a text with LF line ends once it has these.</summary>
    internal static int LengthOf(string text, string newLine) => newLine.Length == 1 ? text.Length : text.Length + text.Count(c => c == '\n');
}
