using System.Text.RegularExpressions;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// A text as a parser with bounded nesting can read it: deep indentation and long runs of quote and list markers are cut short. What is open at the margin stays the same:
/// such lines are deep inside containers, or text of the block they stand in.
/// </summary>
internal static partial class MarkdownNestingLimiter
{
    private const int MaxIndent = 40;

    public static string Limit(string text)
    {
        string lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return Markers().Replace(DeepIndent().Replace(lines, new string(' ', MaxIndent)), "$1");
    }

    // Twenty tabs are more than forty columns too.
    [GeneratedRegex(@"^(?: {41,}|[ \t]{20,}\t[ \t]*)", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DeepIndent();

    [GeneratedRegex(@"^((?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t])){20})(?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t]))+", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Markers();
}
