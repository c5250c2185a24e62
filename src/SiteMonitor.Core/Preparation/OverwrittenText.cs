using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds, in an issue as read, a person's edit that our last write overwrote and that was not put back then (<see cref="EditRestoration"/>), because we were stopped in between: we never
/// change the text outside our section, so lines of the person's edit that the text after ours lacks were lost.
/// </summary>
public static class OverwrittenText
{
    /// <summary>The body as the person had left it; null when nothing is missing.</summary>
    public static string? Find(IssueSnapshot read, GuidanceMarkers markers)
    {
        if (read.Edits is not [{ ByUs: true }, { ByUs: false, BodyAfter: { } theirs }, ..])
        {
            return null;
        }

        HashSet<string> there = [.. Lines(read.Body, read.Ref, markers)];
        return Lines(theirs, read.Ref, markers).All(there.Contains) ? null : theirs;
    }

    private static IEnumerable<string> Lines(string body, IssueRef issue, GuidanceMarkers markers) =>
        GuidanceSection.Remove(body, issue, markers).Split('\n').Select(line => line.TrimEnd());
}
