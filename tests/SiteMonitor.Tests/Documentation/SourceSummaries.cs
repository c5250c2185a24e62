using System.Text.RegularExpressions;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>The doc comments of the source, for references that are generated from it.</summary>
internal static partial class SourceSummaries
{
    private static readonly Dictionary<string, string> Files = Directory
        .EnumerateFiles(RepositoryRoot.File("src"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .GroupBy(f => Path.GetFileNameWithoutExtension(f))
        .ToDictionary(g => g.Key, g => string.Join('\n', g.Select(File.ReadAllText)));

    /// <summary>The summary of a type, as Markdown; empty when it has none.</summary>
    public static string Of(Type type) => Find(type, $@"public (?:sealed |static |partial )*class {type.Name}\b");

    /// <summary>The summary of a property or method.</summary>
    public static string Of(Type type, string member) => Find(type, $@"(?:\[[^\n]*\]\s+)*public [^\n=(]*?\b{member}\b");

    private static string Find(Type type, string declaration)
    {
        Match match = Regex.Match(Files[type.Name], @"((?:[ \t]*///[^\n]*\n)+)[ \t]*" + declaration);
        return match.Success ? Markdown(match.Groups[1].Value) : string.Empty;
    }

    private static string Markdown(string comment)
    {
        string text = string.Join(' ', comment.Split('\n').Select(l => l.Trim().TrimStart('/').Trim()).Where(l => l.Length > 0));
        string summary = SummaryPattern().Match(text).Groups[1].Value.Trim();
        summary = CodePattern().Replace(summary, "`$1`");
        summary = ReferencePattern().Replace(summary, m => $"`{m.Groups[1].Value.Split('.')[^1]}`");
        return System.Net.WebUtility.HtmlDecode(summary).Replace("|", "\\|", StringComparison.Ordinal);
    }

    [GeneratedRegex("<summary>(.*?)</summary>")]
    private static partial Regex SummaryPattern();

    [GeneratedRegex("<c>(.*?)</c>")]
    private static partial Regex CodePattern();

    [GeneratedRegex("<(?:see|paramref) (?:cref|name|langword)=\"([^\"]+)\"\\s*/>")]
    private static partial Regex ReferencePattern();
}
