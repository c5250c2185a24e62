using System.Text;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Adds, replaces and removes our section of an issue's body; the rest of the body stays the same byte for byte.
/// The section follows the text after one blank line, with the line ends of the body.
/// </summary>
public static class GuidanceSection
{
    /// <summary>GitHub's limit for bodies and comments.</summary>
    public const int MaxBodyLength = 65_536;

    /// <summary>Returns the body with this section; the same body when it has it already.</summary>
    /// <param name="body">The issue's body.</param>
    /// <param name="content">The section's content with LF line ends, without markers.</param>
    /// <param name="issue">The issue.</param>
    /// <param name="markers">The markers of our section.</param>
    public static string Apply(string body, string content, IssueRef issue, GuidanceMarkers markers)
    {
        SectionFormat format = new(issue, markers);
        IReadOnlyList<SectionSpan> ours = format.Find(body);
        string newLine = NewLineOf(Without(body, ours));
        if (ours.Count == 0)
        {
            string separator = body.Length == 0 ? string.Empty : newLine + newLine;
            return $"{body}{separator}{format.Render(UnclosedBlocks.GetClosingText(body) + content, newLine)}";
        }

        SectionSpan kept = ours[^1];
        string before = Without(body[..kept.Start], [.. ours.SkipLast(1)]);
        return $"{before}{format.Render(UnclosedBlocks.GetClosingText(before) + content, newLine)}{body[kept.End..]}";
    }

    /// <summary>Returns the body without our section.</summary>
    public static string Remove(string body, IssueRef issue, GuidanceMarkers markers) =>
        Without(body, new SectionFormat(issue, markers).Find(body));

    /// <summary>Whether the body has our section, and somebody has edited it.</summary>
    public static bool IsEdited(string body, IssueRef issue, GuidanceMarkers markers) =>
        new SectionFormat(issue, markers).Find(body).Any(section => !section.IsUnmodified);

    /// <summary>Returns the section's content with LF line ends; null when the body has none.</summary>
    public static string? Read(string body, IssueRef issue, GuidanceMarkers markers)
    {
        SectionFormat format = new(issue, markers);
        IReadOnlyList<SectionSpan> ours = format.Find(body);
        return ours.Count == 0 ? null : format.Content(body, ours[^1]);
    }

    /// <summary>Returns the space in the body for our section.</summary>
    public static GuidanceSpace GetAvailableSpace(string body, IssueRef issue, GuidanceMarkers markers)
    {
        SectionFormat format = new(issue, markers);
        string text = Without(body, format.Find(body));
        string newLine = NewLineOf(text);
        int taken = text.Length + GuidanceSpace.LengthOf(UnclosedBlocks.GetClosingText(text), newLine) + format.Overhead;
        return new GuidanceSpace(Math.Max(0, MaxBodyLength - taken), newLine);
    }

    private static string Without(string body, IReadOnlyList<SectionSpan> spans)
    {
        if (spans.Count == 0)
        {
            return body;
        }

        StringBuilder text = new(body.Length);
        int at = 0;
        foreach (SectionSpan span in spans)
        {
            text.Append(body, at, span.Start - at - SeparatorBefore(body.AsSpan(at, span.Start - at)));
            at = span.End;
        }

        return text.Append(body, at, body.Length - at).ToString();
    }

    // The two separators end differently, whatever the text before them ends with, so exactly the one that was added is removed.
    private static int SeparatorBefore(ReadOnlySpan<char> text) =>
        text.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? 4
        : text.EndsWith("\n\n", StringComparison.Ordinal) ? 2
        : 0;

    // The line end of most lines.
    private static string NewLineOf(string text)
    {
        int windows = 0;
        int lines = 0;
        for (int at = 0; (at = text.IndexOf('\n', at)) >= 0; at++)
        {
            lines++;
            windows += at > 0 && text[at - 1] == '\r' ? 1 : 0;
        }

        return windows * 2 > lines ? "\r\n" : "\n";
    }
}

/// <summary>The space in a body for our section.</summary>
/// <param name="Characters">Number of UTF-16 units; zero when the body is full.</param>
/// <param name="NewLine">The line end of the body, which the section gets too.</param>
public sealed record GuidanceSpace(int Characters, string NewLine)
{
    /// <summary>Returns whether a content (with LF line ends) fits.</summary>
    public bool Fits(string content) => LengthOf(content, NewLine) <= Characters;

    /// <summary>Returns the length that a text with LF line ends has with other line ends.</summary>
    internal static int LengthOf(string text, string newLine) =>
        newLine.Length == 1 ? text.Length : text.Length + text.Count(c => c == '\n');
}
