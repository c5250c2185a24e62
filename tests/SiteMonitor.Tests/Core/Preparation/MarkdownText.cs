using FsCheck;
using FsCheck.Fluent;

namespace SiteMonitor.Tests.Core.Preparation;

/// <summary>A text put together from pieces of Markdown and HTML that open and close blocks, at all kinds of indentation.</summary>
public sealed record MarkdownText(string Value)
{
    private static readonly string[] Pieces =
    [
        "word", " ", "  ", "   ", "    ", "\t", "\n", "\n\n", "\r\n", "```", "````", "~~~", "`", "``", "- ", "1. ", "> ", "* ", "# ", "---", "===", "|", "<!--", "-->", "<!-- x -->", "<?", "?>", "<![CDATA[", "]]>", "<!X", ">",
        "<pre>", "</pre>", "<prefoo>", "<script>", "</script>", "<STYLE>", "</style>", "<textarea>", "<details>", "</details>", "<details open>", "<summary>", "</summary>", "<div>", "</div>", "<table>", "<a href=\"x\">", "</a>",
        "<del>", "</del>", "<b>", "</b>", "<br/>", "<p>", "[a]: /x", "[a]", "[.]: https://evil.example", "![", "](", "\\", "&lt;", "<div title=\"", "'", "\"", "<details", "<http://x.example>",
    ];

    public static Arbitrary<MarkdownText> Arbitrary() =>
        Gen.Elements(Pieces).ListOf().Select(pieces => new MarkdownText(string.Concat(pieces))).ToArbitrary();

    public override string ToString() => System.Text.Json.JsonSerializer.Serialize(Value);
}
