using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Analysis;

/// <summary>Prepares an issue's text for the model.</summary>
public static class AnalysisInput
{
    /// <summary>What the model sees of a body unless set otherwise, in characters: about 3,000 tokens.</summary>
    public const int DefaultBodyBudget = 12_000;

    // GitHub's titles are at most 256 characters; label names 50.
    private const int MaxTitle = 256;
    private const int MaxLabels = 30;

    private const string Gap = "\n\n[… the middle was left out …]\n\n";

    /// <summary>Title, labels that say something about the content, and the body without our section; of a long body its beginning (three quarters) and its end.</summary>
    /// <param name="bodyBudget">In UTF-16 units.</param>
    public static AnalysisText From(IssueSnapshot snapshot, GuidanceMarkers markers, int bodyBudget = DefaultBodyBudget)
    {
        string body = GuidanceSection.Remove(snapshot.Body, snapshot.Ref, markers).Trim();
        string[] labels = [.. snapshot.Labels.Where(label => !WorkflowLabels.State.Contains(label, StringComparer.OrdinalIgnoreCase)).Take(MaxLabels)];
        return new AnalysisText(Head(snapshot.Title.Trim(), MaxTitle), labels, Trim(body, bodyBudget));
    }

    private static string Trim(string text, int budget)
    {
        if (text.Length <= budget)
        {
            return text;
        }

        int room = budget - Gap.Length;
        return room <= 0 ? Head(text, budget) : Head(text, room - (room / 4)) + Gap + Tail(text, room / 4);
    }

    private static string Head(string text, int length)
    {
        length = Math.Clamp(length, 0, text.Length);
        return text[..(length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    private static string Tail(string text, int length)
    {
        int start = text.Length - length;
        return text[(start < text.Length && char.IsLowSurrogate(text[start]) ? start + 1 : start)..];
    }
}

/// <summary>What the model may see of an issue, as untrusted data: already trimmed, workflow labels left out.</summary>
public sealed record AnalysisText(string Title, IReadOnlyList<string> Labels, string Body);
