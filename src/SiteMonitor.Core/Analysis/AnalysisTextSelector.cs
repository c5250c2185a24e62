using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Analysis;

/// <summary>Selects the text of an issue that the model gets.</summary>
public static class AnalysisTextSelector
{
    /// <summary>Default maximum length of a body, in characters: about 3,000 tokens.</summary>
    public const int DefaultBodyBudget = 12_000;

    // GitHub's maximum length of a title.
    private const int MaxTitle = 256;
    private const int MaxLabels = 30;

    private const string Gap = "\n\n[… the middle was left out …]\n\n";

    /// <summary>Returns the title, the labels that are not workflow labels, and the body without our section.</summary>
    /// <param name="snapshot">The issue.</param>
    /// <param name="markers">The markers of our section.</param>
    /// <param name="bodyBudget">
    /// Maximum length of the body in UTF-16 units; of a longer one, the beginning (three quarters) and the end are kept.
    /// </param>
    public static AnalysisText From(IssueSnapshot snapshot, GuidanceMarkers markers, int bodyBudget = DefaultBodyBudget)
    {
        string body = GuidanceSection.Remove(snapshot.Body, snapshot.Ref, markers).Trim();
        string[] labels =
            [.. snapshot.Labels.Where(label => !WorkflowLabels.State.Contains(label, StringComparer.OrdinalIgnoreCase)).Take(MaxLabels)];
        return new AnalysisText(Head(snapshot.Title.Trim(), MaxTitle), labels, Trim(body, bodyBudget));
    }

    /// <summary>Returns what the analysis of an assigned issue got: the labels of the specialists came after it.</summary>
    public static AnalysisText BeforeAssignment(IssueSnapshot snapshot, SpecialistCatalogue catalogue, GuidanceMarkers markers)
    {
        IReadOnlyList<string> specialists = WorkflowLabels.GetSpecialists(catalogue);
        return From(
            snapshot with { Labels = [.. snapshot.Labels.Except(specialists, StringComparer.OrdinalIgnoreCase)] }, markers);
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

/// <summary>The part of an issue that the model gets, as untrusted data.</summary>
public sealed record AnalysisText(string Title, IReadOnlyList<string> Labels, string Body);
