using System.Globalization;
using System.Text;
using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// The format of our section in a body: an opening marker with the issue's tag, the content's length and its seal; the content; a
/// closing marker with the tag. Length and seal are computed with LF line ends, so that an editor may change the line ends.
/// </summary>
internal sealed class SectionFormat(IssueRef issue, GuidanceMarkers markers)
{
    private const string Purpose = "guidance";
    private const int TagLength = 32;
    private readonly string _begin = $"<!-- sitemonitor:guidance:begin {markers.ComputeTag(issue, Purpose)} ";
    private readonly string _end = $"<!-- sitemonitor:guidance:end {markers.ComputeTag(issue, Purpose)} -->";

    /// <summary>Maximum length of the markers, line ends included.</summary>
    public int Overhead => _begin.Length + _end.Length + TagLength + 20;

    /// <summary>Returns the section with its markers.</summary>
    public string Render(string content, string newLine)
    {
        string length = content.Length.ToString(CultureInfo.InvariantCulture);
        string section = $"{_begin}{length} {markers.ComputeContentTag(issue, content)} -->\n{content}\n{_end}";
        return newLine == "\n" ? section : section.Replace("\n", newLine, StringComparison.Ordinal);
    }

    /// <summary>
    /// Finds our sections: every sealed one, wherever it was copied to, since it holds only our own words; if a person has edited the
    /// section, so that none is sealed, the last one with both markers.
    /// </summary>
    public IReadOnlyList<SectionSpan> Find(string body)
    {
        List<SectionSpan> all = [];
        int at = 0;
        while ((at = body.IndexOf(_begin, at, StringComparison.Ordinal)) >= 0)
        {
            SectionSpan? span = Read(body, at);
            if (span is { } found)
            {
                all.Add(found);
            }

            at = span?.End ?? at + _begin.Length;
        }

        SectionSpan[] sealedOnes = [.. all.Where(s => s.IsUnmodified)];
        return sealedOnes.Length > 0 ? sealedOnes : [.. all.TakeLast(1)];
    }

    /// <summary>Returns the content of a section with LF line ends, without the markers.</summary>
    public string Content(string body, SectionSpan span)
    {
        string section = body[span.Start..span.End].Replace("\r\n", "\n", StringComparison.Ordinal);
        int start = section.IndexOf('\n', StringComparison.Ordinal) + 1;
        int end = section.EndsWith(_end, StringComparison.Ordinal) ? section.Length - _end.Length : section.Length;
        return start > 0 && start <= end ? section[start..end].TrimEnd('\n') : string.Empty;
    }

    private SectionSpan? Read(string body, int start)
    {
        int digits = start + _begin.Length;
        int blank = body.IndexOf(' ', digits);
        if (blank < 0 || blank - digits > 6
            || !int.TryParse(body.AsSpan(digits, blank - digits), NumberStyles.None, CultureInfo.InvariantCulture, out int length))
        {
            return null;
        }

        int close = blank + 1 + TagLength;
        if (close > body.Length || !body.AsSpan(close).StartsWith(" -->", StringComparison.Ordinal))
        {
            return null;
        }

        int content = close + 4;
        return Sealed(body, content, length, body.AsSpan(blank + 1, TagLength)) is { } end
            ? new SectionSpan(start, SkipEnd(body, end), IsUnmodified: true)
            : Unsealed(body, start, content);
    }

    // The index after the content if it matches the seal and its last line ends there; that needs no closing marker.
    private int? Sealed(string body, int at, int length, ReadOnlySpan<char> seal)
    {
        at = SkipNewLine(body, at);
        if (length > body.Length - at)
        {
            return null;
        }

        StringBuilder content = new(length);
        while (content.Length < length && at < body.Length)
        {
            if (body[at] == '\r' && at + 1 < body.Length && body[at + 1] == '\n')
            {
                at++;
            }

            content.Append(body[at++]);
        }

        bool isWhole = content.Length == length && (at == body.Length || SkipNewLine(body, at) > at);
        return isWhole && GuidanceMarkers.AreEqual(seal, markers.ComputeContentTag(issue, content.ToString())) ? at : null;
    }

    private SectionSpan? Unsealed(string body, int start, int content)
    {
        int end = body.IndexOf(_end, content, StringComparison.Ordinal);
        int next = body.IndexOf(_begin, content, StringComparison.Ordinal);
        return end >= 0 && (next < 0 || end < next) ? new SectionSpan(start, end + _end.Length, IsUnmodified: false) : null;
    }

    private int SkipEnd(string body, int at)
    {
        int mark = SkipNewLine(body, at);
        return body.AsSpan(mark).StartsWith(_end, StringComparison.Ordinal) ? mark + _end.Length : at;
    }

    private static int SkipNewLine(string body, int at) =>
        body.AsSpan(at).StartsWith("\r\n", StringComparison.Ordinal) ? at + 2
        : body.AsSpan(at).StartsWith("\n", StringComparison.Ordinal) ? at + 1
        : at;
}

/// <summary>The place of our section in a body, markers included.</summary>
/// <param name="Start">Index of the first character of the opening marker.</param>
/// <param name="End">Index after the closing marker.</param>
/// <param name="IsUnmodified">Whether its content is exactly what we wrote.</param>
internal readonly record struct SectionSpan(int Start, int End, bool IsUnmodified);
