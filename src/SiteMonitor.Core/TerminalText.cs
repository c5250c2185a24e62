using System.Text.RegularExpressions;

namespace SiteMonitor.Core;

/// <summary>Makes text harmless to a terminal.</summary>
public static partial class TerminalText
{
    /// <summary>Replaces characters that a terminal acts on: control characters and changes of the writing direction.</summary>
    public static string Clean(string text) => ControlPattern().Replace(text, "\uFFFD");

    [GeneratedRegex(@"[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069-[\t\n\r]]|\r(?!\n)")]
    private static partial Regex ControlPattern();
}
