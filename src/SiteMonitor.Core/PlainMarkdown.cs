using System.Text;

namespace SiteMonitor.Core;

/// <summary>
/// Writes people's words into Markdown as plain text on one line: no markup, no HTML, no mentions, no references, no terminal escapes.
/// </summary>
public static class PlainMarkdown
{
    /// <summary>
    /// Invisible; behind <c>@</c> or <c>#</c> it keeps GitHub, Slack and Teams from making a mention or a reference of what follows.
    /// </summary>
    private const char Separator = '\u200B';

    public static string Escape(string text)
    {
        StringBuilder plain = new(text.Length + 8);
        foreach (char c in TerminalText.Clean(text).ReplaceLineEndings(" "))
        {
            _ = c switch
            {
                '<' => plain.Append("&lt;"),
                '&' => plain.Append("&amp;"),
                '@' or '#' => plain.Append(c).Append(Separator),
                '*' or '_' or '`' or '[' or ']' or '\\' or '|' or '~' => plain.Append('\\').Append(c),
                '\t' => plain.Append(' '),
                _ => plain.Append(c),
            };
        }

        return plain.ToString();
    }
}
