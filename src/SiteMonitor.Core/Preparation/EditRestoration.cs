using SiteMonitor.Core.Issues;

namespace SiteMonitor.Core.Preparation;

/// <summary>Restores a person's edit that our write has overwritten, since GitHub has no conditional write.</summary>
/// <remarks>The response to our write has the edit history, which shows such an edit.</remarks>
public static class EditRestoration
{
    /// <summary>Returns the body that has the person's text and our section; null when nothing was lost.</summary>
    /// <param name="after">The issue as the response to our write showed it, with its newest edits.</param>
    /// <param name="basis">The body from which our write was computed.</param>
    /// <param name="written">The body that we wrote.</param>
    /// <param name="markers">The markers of our section.</param>
    public static string? Restore(IssueSnapshot after, string basis, string written, GuidanceMarkers markers)
    {
        string current = after.Body;
        bool isOverwritten = !AreEquivalent(current, written) && GuidanceSection.Read(current, after.Ref, markers) is null;
        string? lost = LostEdit(after.Edits, basis, written);
        if (lost is null && !isOverwritten)
        {
            return null;
        }

        string text = lost is null ? current : Merge(after, basis, lost, AreEquivalent(current, written) ? null : current, markers);
        return WithSection(text, after.Ref, written, markers) is var restored && AreEquivalent(restored, current) ? null : restored;
    }

    // The body on GitHub just before our write, if it is not the one that we read.
    private static string? LostEdit(IReadOnlyList<BodyEdit> edits, string basis, string written)
    {
        for (int i = 0; i + 1 < edits.Count; i++)
        {
            if (edits[i] is { ByUs: true, BodyAfter: { } body } && AreEquivalent(body, written))
            {
                return edits[i + 1].BodyAfter is { } before && !AreEquivalent(before, basis) && !AreEquivalent(before, written)
                    ? before
                    : null;
            }
        }

        return null;
    }

    private static string Merge(IssueSnapshot after, string basis, string lost, string? newer, GuidanceMarkers markers)
    {
        string Original(string body) => GuidanceSection.Remove(body, after.Ref, markers);
        return newer is null ? lost : ThreeWayMerge.Merge(Original(basis), Original(lost), Original(newer));
    }

    // The person's text has priority: if it leaves no space for our section, the body is that text alone.
    private static string WithSection(string text, IssueRef issue, string written, GuidanceMarkers markers)
    {
        string? section = GuidanceSection.Read(written, issue, markers);
        if (section is null)
        {
            return text;
        }

        string body = GuidanceSection.Apply(text, section, issue, markers);
        return body.Length <= GuidanceSection.MaxBodyLength ? body : GuidanceSection.Remove(text, issue, markers);
    }

    // GitHub's history may differ from the body in line ends and trailing white space, which is no edit.
    private static bool AreEquivalent(string a, string b) =>
        a.Length == b.Length
            ? string.Equals(a, b, StringComparison.Ordinal)
            : string.Equals(Plain(a), Plain(b), StringComparison.Ordinal);

    private static string Plain(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd();
}
