using System.Text.RegularExpressions;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Reads summaries from the source's doc comments, for references that are generated from them.</summary>
internal static partial class SourceSummaries
{
    private static readonly string[] Files = [.. Directory
        .EnumerateFiles(RepositoryRoot.File("src"), "*.cs", SearchOption.AllDirectories)
        .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
        .Select(File.ReadAllText)];

    /// <summary>Returns the summary of a type as Markdown, or an empty string.</summary>
    public static string Of(Type type) => Find(Files, $@"public (?:sealed |static |partial )*class {type.Name}\b");

    /// <summary>Returns the summary of a property or method.</summary>
    public static string Of(Type type, string member) =>
        Find(FindDeclarations(type), $@"(?:\[[^\n]*\]\s+)*public [^\n=(]*?\b{member}\b");

    /// <summary>Returns the text of each part of a type, from its declaration to the next top-level type.</summary>
    private static IEnumerable<string> FindDeclarations(Type type) =>
        Files.Select(f => Regex.Match(f, $@"^(?:public|internal) [^\n]*?\bclass {type.Name}\b.*?(?=^(?:public|internal) |\z)", RegexOptions.Singleline | RegexOptions.Multiline))
            .Where(m => m.Success)
            .Select(m => m.Value);

    private static string Find(IEnumerable<string> sources, string declaration) =>
        sources.Select(s => Regex.Match(s, @"((?:[ \t]*///[^\n]*\n)+)[ \t]*" + declaration)).FirstOrDefault(m => m.Success) is { } match
            ? Markdown(match.Groups[1].Value)
            : string.Empty;

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
