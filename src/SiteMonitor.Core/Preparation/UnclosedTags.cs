using System.Collections.Frozen;
using System.Text;
using System.Text.RegularExpressions;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace SiteMonitor.Core.Preparation;

/// <summary>Finds HTML elements that a text opens and never closes, which a browser continues in what follows.</summary>
internal static partial class UnclosedTags
{
    // Ends a tag whose attribute has an open quotation mark of either kind, as a raw HTML block, which reaches the browser unchanged.
    private const string EndOfTag = "</div \"'>";

    // The elements that GitHub allows, without those that have no end tag or end by themselves.
    private static readonly FrozenSet<string> UnclosedElements = new[]
    {
        "a", "abbr", "b", "bdo", "big", "blockquote", "center", "cite", "code", "del", "details", "dfn", "div", "dl", "em", "figcaption",
        "figure", "font", "h1", "h2", "h3", "h4", "h5", "h6",
        "i", "ins", "kbd", "mark", "nobr", "ol", "picture", "pre", "q", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
        "summary", "sup", "table", "time", "tt", "u", "ul", "var",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Returns the text that closes what is open, ending in an empty line; empty when nothing is open.</summary>
    public static string GetClosingText(MarkdownDocument text)
    {
        List<string> open = [];
        bool isCut = false;
        foreach (Match tag in Tags(text))
        {
            isCut |= tag.Groups["cut"].Success;
            ApplyTag(open, tag.Groups["name"].Value.ToLowerInvariant(), tag.Groups["end"].Success);
        }

        StringBuilder closer = new();
        closer.Append(isCut ? $"{EndOfTag}\n" : string.Empty);
        foreach (string name in open.AsEnumerable().Reverse())
        {
            closer.Append("</").Append(name).Append(">\n");
        }

        return closer.Length == 0 ? string.Empty : closer.Append('\n').ToString();
    }

    /// <summary>Returns the name of the block's first tag, in lower case.</summary>
    public static string? GetFirstTagName(HtmlBlock block) =>
        FirstTag().Match(block.Lines.ToString()) is { Success: true } tag ? tag.Groups["name"].Value.ToLowerInvariant() : null;

    private static void ApplyTag(List<string> open, string name, bool isEnd)
    {
        if (!UnclosedElements.Contains(name))
        {
            return;
        }

        if (!isEnd)
        {
            open.Add(name);
        }
        else if (open.LastIndexOf(name) is >= 0 and var last)
        {
            open.RemoveAt(last);
        }
    }

    // The tags of the raw HTML in the text, in order; code has none.
    private static IEnumerable<Match> Tags(MarkdownDocument text) =>
        from node in text.Descendants()
        let html = node switch { HtmlBlock block => block.Lines.ToString(), HtmlInline inline => inline.Tag, _ => null }
        where html is not null
        orderby node.Span.Start
        from Match match in Tag().Matches(html)
        where match.Groups["name"].Success
        select match;

    [GeneratedRegex("^[ ]{0,3}<(?<name>[a-z]+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex FirstTag();

    // Comments, CDATA and processing instructions come first, so that their content is no tag; last a tag cut off by the block's end.
    [GeneratedRegex(
        """
        <!---?>|<!--[\s\S]*?(?:--!?>|\z)|<!\[CDATA\[|<\?|<(?<end>/)?(?<name>[a-z][a-z0-9-]*)(?:[\s/](?:[^>"']|"[^"]*"|'[^']*')*)?>|<(?<end>/)?(?<name>[a-z][a-z0-9-]*)(?<cut>[\s/](?:[^>"']|"[^"]*"|'[^']*')*(?:"[^"]*|'[^']*)?)?\z
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag();
}
