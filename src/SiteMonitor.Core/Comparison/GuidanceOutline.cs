using System.Security.Cryptography;
using System.Text;

namespace SiteMonitor.Core.Comparison;

/// <summary>Reduces guidance to its headings and a hash of each part, so that parts can be compared without storing text.</summary>
internal static class GuidanceOutline
{
    private const int HashDigits = 12;

    /// <param name="section">A section's content, LF line ends; null when there is none.</param>
    public static IReadOnlyDictionary<string, string> Create(string? section)
    {
        Dictionary<string, string> outline = [];
        StringBuilder text = new();
        string[] path = ["", "", ""];
        foreach (string line in (section ?? string.Empty).Split('\n'))
        {
            int depth = Depth(line);
            if (depth == 0)
            {
                text.Append(line).Append('\n');
                continue;
            }

            Close(outline, path, text);
            path[depth - 2] = line[(depth + 1)..].Trim();
            Array.Clear(path, depth - 1, path.Length - depth + 1);
        }

        Close(outline, path, text);
        return outline;
    }

    // The level of a heading, 2 to 4; 0 for any other line.
    private static int Depth(string line) =>
        line.StartsWith("## ", StringComparison.Ordinal) ? 2
        : line.StartsWith("### ", StringComparison.Ordinal) ? 3
        : line.StartsWith("#### ", StringComparison.Ordinal) ? 4
        : 0;

    private static void Close(Dictionary<string, string> outline, string[] path, StringBuilder text)
    {
        string content = text.ToString().Trim();
        text.Clear();
        string heading = string.Join(" / ", path.Skip(1).Where(part => !string.IsNullOrEmpty(part)));
        if (content.Length > 0)
        {
            outline[heading.Length == 0
                ? "Opening"
                : heading] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(content)))[..HashDigits];
        }
    }
}
