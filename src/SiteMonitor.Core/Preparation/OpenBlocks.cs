using System.Text;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds blocks that a text opens and never closes (a code fence, a raw HTML block, <c>details</c>), which would swallow or fold away whatever stands behind it.
/// Block rules: CommonMark 0.31, sections 4.5 and 4.6.
/// </summary>
internal static class OpenBlocks
{
    private const int MaxDetails = 20;

    private static readonly (string Start, string End)[] RawBlocks =
    [
        ("<script", "</script>"), ("<pre", "</pre>"), ("<style", "</style>"), ("<textarea", "</textarea>"), ("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"),
    ];

    /// <summary>What has to stand before our own words, ending in a line end; empty when nothing is open.</summary>
    public static string CloserFor(string text)
    {
        string? open = null;
        bool isFence = false;
        int details = 0;
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (open is not null)
            {
                bool closed = isFence ? ClosesFence(line, open) : line.Contains(open, StringComparison.OrdinalIgnoreCase);
                open = closed ? null : open;
                continue;
            }

            open = OpensFence(line);
            isFence = open is not null;
            open ??= OpensRaw(line);
            details = Math.Max(0, details + (isFence ? 0 : Count(line, "<details") - Count(line, "</details")));
        }

        // The opening mark of our section is a comment of its own: its end also ends one that was left open.
        string closer = open is null or "-->" ? string.Empty : $"{open}\n\n";
        return details == 0 ? closer : Details(closer, details);
    }

    private static string Details(string closer, int open)
    {
        StringBuilder text = new(closer);
        for (int i = 0; i < Math.Min(open, MaxDetails); i++)
        {
            text.Append("</details>\n");
        }

        return text.Append('\n').ToString();
    }

    private static string? OpensFence(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> text = line.TrimStart(' ');
        if (line.Length - text.Length > 3 || text.IsEmpty || text[0] is not ('`' or '~'))
        {
            return null;
        }

        int length = RunLength(text);
        return length >= 3 && (text[0] == '~' || !text[length..].Contains('`')) ? new string(text[0], length) : null;
    }

    private static bool ClosesFence(ReadOnlySpan<char> line, string fence)
    {
        ReadOnlySpan<char> text = line.TrimStart(' ');
        if (line.Length - text.Length > 3 || text.IsEmpty || text[0] != fence[0])
        {
            return false;
        }

        int length = RunLength(text);
        return length >= fence.Length && text[length..].Trim().IsEmpty;
    }

    private static int RunLength(ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExcept(text[0]);
        return length < 0 ? text.Length : length;
    }

    private static string? OpensRaw(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> text = line.TrimStart(' ');
        foreach ((string start, string end) in RawBlocks)
        {
            if (text.StartsWith(start, StringComparison.OrdinalIgnoreCase) && !text[start.Length..].Contains(end, StringComparison.OrdinalIgnoreCase))
            {
                return end;
            }
        }

        return null;
    }

    private static int Count(ReadOnlySpan<char> line, string tag)
    {
        int count = 0;
        for (int at; (at = line.IndexOf(tag, StringComparison.OrdinalIgnoreCase)) >= 0; line = line[(at + tag.Length)..])
        {
            count++;
        }

        return count;
    }
}
