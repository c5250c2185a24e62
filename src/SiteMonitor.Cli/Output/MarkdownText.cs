using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Spectre.Console;
using Spectre.Console.Rendering;
using MarkdownTable = Markdig.Extensions.Tables.Table;
using MarkdownTableRow = Markdig.Extensions.Tables.TableRow;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes Markdown as formatted text: headings, lists and tables instead of their markup.</summary>
internal static class MarkdownText
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().UsePipeTables().Build();

    private static readonly Style Bold = new(decoration: Decoration.Bold);

    public static void Write(IAnsiConsole console, string markdown)
    {
        Block? before = null;
        foreach (Block block in Markdown.Parse(markdown, Pipeline))
        {
            // A table ends with a blank line of its own.
            if (before is not (null or HeadingBlock { Level: > 1 } or MarkdownTable))
            {
                console.WriteLine();
            }

            console.WriteWholeWords(Render(block));
            before = block;
        }
    }

    private static IRenderable Render(Block block) => block switch
    {
        HeadingBlock { Level: 1 } title => Render(title.Inline, new Style(decoration: Decoration.Bold | Decoration.Underline)),
        HeadingBlock heading => Render(heading.Inline, Bold),
        ParagraphBlock paragraph => Render(paragraph.Inline, Style.Plain),
        ListBlock list => Render(list),
        MarkdownTable table => Render(table),
        LeafBlock leaf => new Text(string.Join('\n', leaf.Lines.ToString().Split('\n').Select(ConsoleText.CleanLine))),
        ContainerBlock container => RenderContent(container),
        _ => Text.Empty,
    };

    private static IRenderable RenderContent(ContainerBlock container) =>
        container.Count == 1 ? Render(container[0]) : new Rows(container.Select(Render));

    private static Grid Render(ListBlock list)
    {
        Grid grid = ConsoleText.CreateGrid(columns: 2);
        foreach (ListItemBlock item in list.OfType<ListItemBlock>())
        {
            grid.AddRow(ConsoleText.CreateText(list.IsOrdered ? $"{item.Order}." : "•"), RenderContent(item));
        }

        return grid;
    }

    private static Table Render(MarkdownTable source)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (MarkdownTableRow row in source.OfType<MarkdownTableRow>())
        {
            IRenderable[] cells = [.. row.OfType<ContainerBlock>().Select(RenderContent)];
            if (row.IsHeader)
            {
                table.AddColumns([.. cells.Select(cell => new TableColumn(cell))]);
            }
            else
            {
                table.AddRow(cells);
            }
        }

        return table;
    }

    private static Paragraph Render(ContainerInline? inlines, Style style)
    {
        Paragraph paragraph = new();
        Append(paragraph, inlines, style);
        return paragraph;
    }

    private static void Append(Paragraph paragraph, ContainerInline? inlines, Style style)
    {
        foreach (Inline inline in inlines ?? Enumerable.Empty<Inline>())
        {
            if (inline is ContainerInline container)
            {
                Append(paragraph, container, inline is EmphasisInline ? Bold : style);
            }
            else
            {
                paragraph.Append(ConsoleText.CleanLine(GetText(inline)), style);
            }
        }
    }

    private static string GetText(Inline inline) => inline switch
    {
        LiteralInline literal => literal.Content.ToString(),
        CodeInline code => code.Content,
        HtmlEntityInline entity => entity.Transcoded.ToString(),
        HtmlInline html => html.Tag,
        AutolinkInline link => link.Url,
        LineBreakInline => " ",
        _ => string.Empty,
    };
}
