using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SiteMonitor.Core;
using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Rollout.State;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SiteMonitor.Cli.Output;

/// <summary>Writes values as plain text: markup, emoji codes and control characters in them have no effect.</summary>
internal static partial class ConsoleText
{
    /// <summary>Writes a line such as <c>$"[red]{title}[/] ({status})"</c>.</summary>
    public static void WriteStyledLine(this IAnsiConsole console, StyledText text)
    {
        console.Write(text.Paragraph);
        console.WriteLine();
    }

    /// <summary>Writes text of one or more lines as it is, without wrapping.</summary>
    public static void WriteRaw(this IAnsiConsole console, string text) => console.Profile.Out.Writer.Write(TerminalText.Clean(text));

    public static void WriteRawLine(this IAnsiConsole console, string text) => console.WriteRaw(text + "\n");

    /// <summary>Writes JSON as one line. The serializer escapes control characters.</summary>
    public static void WriteJson(this IAnsiConsole console, string json) =>
        console.Profile.Out.Writer.WriteLine(JsonNode.Parse(json)?.ToJsonString());

    public static void WriteJson<T>(this IAnsiConsole console, T value) => console.WriteJson(RolloutJson.Write(value));

    /// <summary>Writes the last line of a command: what to do next.</summary>
    public static void WriteNextStep(this IAnsiConsole console, string text) => console.WriteStyledLine($"[grey]Next:[/] {text}");

    public static void WriteProblem(this IAnsiConsole console, Problem problem)
    {
        console.WriteStyledLine($"[red]{problem.Title}[/] ({problem.Status})");
        if (problem.Detail.Length > 0)
        {
            console.WriteStyledLine($"{problem.Detail}");
        }

        foreach (string error in problem.Errors)
        {
            console.WriteStyledLine($"  - {error}");
        }
    }

    /// <summary>Creates a table without borders: indented, all columns but the last as wide as their content.</summary>
    public static Grid CreateGrid(int columns)
    {
        Grid grid = new();
        for (int i = 0; i < columns; i++)
        {
            bool isLast = i == columns - 1;
            grid.AddColumn(new GridColumn { NoWrap = !isLast, Padding = new Padding(i == 0 ? 2 : 0, 0, isLast ? 0 : 2, 0) });
        }

        return grid;
    }

    /// <summary>Writes content without splitting words and without trailing spaces; lines may exceed the console's width.</summary>
    public static void WriteWholeWords(this IAnsiConsole console, IRenderable content) => console.Write(new WordPreservingContent(content));

    public static Text CreateText(string text) => new(CleanLine(text));

    public static void AddTextRow(this Grid grid, params IReadOnlyList<string> cells) =>
        grid.AddRow([.. cells.Select((cell, i) => CreateCell(cell, grid.Columns[i].NoWrap))]);

    public static void AddTextRow(this Table table, params IReadOnlyList<string> cells) =>
        table.AddRow([.. cells.Select((cell, i) => CreateCell(cell, table.Columns[i].NoWrap))]);

    /// <summary>Returns text for a place that takes markup, such as a progress display.</summary>
    public static string EscapeLine(string text) => Markup.Escape(CleanLine(text));

    /// <summary>Replaces characters that a terminal acts on, and keeps the text on one line.</summary>
    public static string CleanLine(string text) => TerminalText.Clean(LineBreakPattern().Replace(text, " "));

    private static IRenderable CreateCell(string text, bool noWrap) => noWrap ? new UnwrappedCell(CreateText(text)) : CreateText(text);

    /// <summary>A cell that always takes the width of its whole text, because Spectre.Console shrinks <c>NoWrap</c> columns.</summary>
    private sealed class UnwrappedCell(IRenderable text) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth)
        {
            int width = text.Measure(options, short.MaxValue).Max;
            return new Measurement(width, width);
        }

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => text.Render(options, maxWidth);
    }

    /// <summary>Content that is at least as wide as its longest words, in lines without trailing blanks.</summary>
    private sealed class WordPreservingContent(IRenderable content) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => content.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            int width = Math.Max(maxWidth, content.Measure(options, maxWidth).Min);
            foreach (SegmentLine line in Segment.SplitLines(content.Render(options, width)))
            {
                int end = line.FindLastIndex(segment => !string.IsNullOrWhiteSpace(segment.Text));
                foreach (Segment segment in line.Take(end))
                {
                    yield return segment;
                }

                if (end >= 0)
                {
                    yield return new Segment(line[end].Text.TrimEnd(), line[end].Style);
                }

                yield return Segment.LineBreak;
            }
        }
    }

    [GeneratedRegex(@"\s*[\r\n\u0085\u2028\u2029]+\s*")]
    private static partial Regex LineBreakPattern();
}

/// <summary>Builds a line from an interpolated string: tags such as [bold], [red] and [/] in the literal parts set its style.</summary>
[InterpolatedStringHandler]
internal sealed partial class StyledText
{
    private Style _style = Style.Plain;

    /// <summary>Called by the compiler; the lengths are only hints.</summary>
    public StyledText(int literalLength, int formattedCount) => _ = literalLength + formattedCount;

    public Paragraph Paragraph { get; } = new();

    public void AppendLiteral(string text)
    {
        int start = 0;
        foreach (Match tag in TagPattern().Matches(text))
        {
            Paragraph.Append(text[start..tag.Index], _style);
            _style = tag.Groups[1].Value == "/" ? Style.Plain : Style.Parse(tag.Groups[1].Value);
            start = tag.Index + tag.Length;
        }

        Paragraph.Append(text[start..], _style);
    }

    public void AppendFormatted(Style style) => _style = style;

    public void AppendFormatted<T>(T value, string? format = null)
    {
        string? text = value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString();
        Paragraph.Append(ConsoleText.CleanLine(text ?? string.Empty), _style);
    }

    [GeneratedRegex(@"\[(/|[a-z]+)\]")]
    private static partial Regex TagPattern();
}
