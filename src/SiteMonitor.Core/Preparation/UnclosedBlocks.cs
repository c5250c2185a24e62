using System.Text.RegularExpressions;
using Markdig;
using Markdig.Parsers.Inlines;
using Markdig.Syntax;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds what a text opens and never closes (a code fence, a raw HTML block, an HTML element), which would swallow, fold or reformat
/// what follows it, and writes what closes it. A CommonMark parser decides: closers are added until text after them is read as text.
/// </summary>
internal static class UnclosedBlocks
{
    // Closing a block can uncover the beginning of another.
    private const int MaxRounds = 4;

    // Between the text and the closers is the opening marker of our section, a comment, whose end also ends one that was left open.
    private const string Mark = "\n\n<!-- mark -->\n";

    private const string OurWords = "## Ours\n";

    private static readonly MarkdownPipeline Whole = new MarkdownPipelineBuilder().UsePreciseSourceLocation().Build();
    private static readonly MarkdownPipeline BlocksOnly = WithoutInlines();

    /// <summary>Returns the text that closes what is open, ending in a line end; empty when nothing is open.</summary>
    public static string GetClosingText(string text)
    {
        string before = MarkdownNestingLimiter.Limit(text) + Mark;
        string closer = GetBlockClosingText(before);
        return closer +
            (text.Contains('<', StringComparison.Ordinal) ? UnclosedTags.GetClosingText(Parse(before + closer, Whole)) : string.Empty);
    }

    private static string GetBlockClosingText(string before)
    {
        string closer = string.Empty;
        for (int round = 0; round < MaxRounds; round++)
        {
            Block? last = Parse(before + closer + OurWords, BlocksOnly).LastOrDefault(block => block is not LinkReferenceDefinitionGroup);
            string? end = last switch
            {
                FencedCodeBlock fence => new string(fence.FencedChar, fence.OpeningFencedCharCount),
                HtmlBlock html => GetEndMarker(html),
                _ => null,
            };
            if (end is null)
            {
                break;
            }

            closer += $"{end}\n\n";
        }

        return closer;
    }

    // CommonMark 0.31, section 4.6; blocks that end at a blank line are not open.
    private static string? GetEndMarker(HtmlBlock html) => html.Type switch
    {
        HtmlBlockType.ScriptPreOrStyle => UnclosedTags.GetFirstTagName(html) is { } name ? $"</{name}>" : null,
        HtmlBlockType.Comment => "-->",
        HtmlBlockType.ProcessingInstruction => "?>",
        HtmlBlockType.CData => "]]>",
        HtmlBlockType.DocumentType => ">",
        _ => null,
    };

    private static MarkdownDocument Parse(string text, MarkdownPipeline pipeline)
    {
        try
        {
            return Markdown.Parse(text, pipeline);
        }
        catch (ArgumentException)
        {
            // The parser's limit on nesting; what is nested so deeply is not open for text at the margin.
            return [];
        }
    }

    private static MarkdownPipeline WithoutInlines()
    {
        MarkdownPipelineBuilder builder = new();
        builder.InlineParsers.RemoveAll(parser => parser is not LiteralInlineParser);
        return builder.Build();
    }
}

/// <summary>
/// Shortens deep indentation and long runs of quote and list markers, so that a parser with limited nesting can read a text. What is
/// open at the margin stays the same: such lines are deep inside containers, or text of the block that they are in.
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
    [GeneratedRegex(@"^(?: {41,}|[ \t]{20,}\t[ \t]*)",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DeepIndent();

    [GeneratedRegex(@"^((?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t])){20})(?:[ \t]*(?:>|(?:[-+*]|[0-9]{1,9}[.)])[ \t]))+",
        RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Markers();
}
