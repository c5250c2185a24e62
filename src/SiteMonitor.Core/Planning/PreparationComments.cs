using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Core.Planning;

/// <summary>Writes the comments of the preparation.</summary>
internal static class PreparationComments
{
    public const string HandOver = "The instructions are in the issue's text, and the Copilot coding agent is being assigned.";

    private const string AssignByHand = "The instructions are in the issue's text: assign the Copilot coding agent by hand.";

    public static string Prepared(IReadOnlyList<Specialist> specialists, string overflow) =>
        $"{Heading(specialists)}\n\n{HandOver}{Overflow(overflow)}";

    public static string PreparedByLegacy(IReadOnlyList<Specialist> specialists, string overflow) =>
        $"{Heading(specialists)}\n\n{AssignByHand}{Overflow(overflow)}";

    public static string Overflow(string overflow) =>
        overflow.Length == 0
            ? string.Empty
            : $"\n\n### Instructions that did not fit into the issue's text\n\nThey count as much as those in the text.\n\n{overflow}";

    private static string Heading(IReadOnlyList<Specialist> specialists) =>
        $"### Prepared for {string.Join(", ", specialists.Select(s => s.Name))}";
}
