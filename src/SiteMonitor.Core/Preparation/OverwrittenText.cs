using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds a person's edit that our last write overwrote and that <see cref="EditRestoration"/> did not restore, because the run was
/// interrupted. We never change the text outside our section, so our write has the text of an edit before the person's, and lines of
/// theirs that it lacks were lost. (Others that use our credential, such as the monitoring job, write text of their own.)
/// </summary>
public static class OverwrittenText
{
    /// <summary>Returns the body after the person's edit; null when nothing is missing.</summary>
    public static string? Find(IssueSnapshot read, GuidanceMarkers markers)
    {
        if (read.Edits is not [{ ByUs: true, BodyAfter: { } ours }, { ByUs: false, BodyAfter: { } theirs }, ..])
        {
            return null;
        }

        string text = Text(ours, read.Ref, markers);
        if (!read.Edits.Skip(2).Any(edit => edit.BodyAfter is { } basis && Text(basis, read.Ref, markers) == text))
        {
            return null;
        }

        HashSet<string> there = [.. Lines(read.Body, read.Ref, markers)];
        return Lines(theirs, read.Ref, markers).All(there.Contains) ? null : theirs;
    }

    private static string Text(string body, IssueRef issue, GuidanceMarkers markers) =>
        string.Join('\n', Lines(body, issue, markers)).TrimEnd();

    private static IEnumerable<string> Lines(string body, IssueRef issue, GuidanceMarkers markers) =>
        GuidanceSection.Remove(body, issue, markers).Split('\n').Select(line => line.TrimEnd());
}
