using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>
/// Finds a person's edit that our write of the body overwrote, since GitHub knows no conditional write: we never change the text outside our section, so where the text of our newest
/// edit differs from that of the person's edit before it, the person's came between our read and our write.
/// </summary>
public static class OverwrittenEdit
{
    /// <param name="after">The issue with its newest edits, as the answer to our write showed it.</param>
    /// <returns>The body as the person had left it, to write our section into; null when nothing was overwritten.</returns>
    public static string? Find(IssueSnapshot after, GuidanceMarkers markers) =>
        after.Edits is [{ ByUs: true }, { ByUs: false, BodyAfter: { } theirs }, ..] && TextOf(theirs, after, markers) != TextOf(after.Body, after, markers)
            ? theirs
            : null;

    /// <summary>Whether a person's edit came between <paramref name="read"/> and our write of which GitHub no longer has the text.</summary>
    public static bool IsLost(IssueSnapshot read, IssueSnapshot after) =>
        after.Edits is [{ ByUs: true }, { ByUs: false, BodyAfter: null, EditedAt: var at }, ..] && at > read.UpdatedAt;

    /// <summary>Without our section; line ends and white space at the end of the text may differ by the way GitHub keeps edits.</summary>
    private static string TextOf(string body, IssueSnapshot issue, GuidanceMarkers markers) =>
        GuidanceSection.Remove(body, issue.Ref, markers).Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();
}
