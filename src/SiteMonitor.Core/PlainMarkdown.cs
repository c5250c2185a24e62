using System.Text;

namespace SiteMonitor.Core;

/// <summary>Writes people's words into Markdown as plain text on one line: no markup, HTML, mentions, references or terminal escapes.</summary>
public static class PlainMarkdown
{
    /// <summary>An invisible character; behind <c>@</c> or <c>#</c> it prevents mentions and references.</summary>
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
