using System.Text.RegularExpressions;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>The doc comments of the source, for references that are generated from it.</summary>
internal static partial class SourceSummaries
{
    private static readonly string[] Files =
    [
        .. Directory.EnumerateFiles(RepositoryRoot.File("src"), "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(File.ReadAllText),
    ];

    /// <summary>The summary of a type, as Markdown; empty when it has none.</summary>
    public static string Of(Type type) => Find(type, $@"public (?:sealed |static |partial |abstract |readonly )*(?:class|record|record struct) {type.Name}\b");

    /// <summary>The summary of a property or method.</summary>
    public static string Of(Type type, string member) =>
        Find(type, $@"(?:\[[^\n]*\]\s+)*public [^\n=(]*?\b{member}\b") is { Length: > 0 } summary ? summary : FindParameter(type, member);

    /// <summary>The description of a positional record's parameter.</summary>
    private static string FindParameter(Type type, string name) =>
        Regex.Match(SourceOf(type), $@"^/// <param name=""{name}"">(.*?)</param>", RegexOptions.Multiline | RegexOptions.Singleline) is { Success: true } match
            ? Markdown($"/// <summary>{match.Groups[1].Value}</summary>")
            : string.Empty;

    private static string Find(Type type, string declaration)
    {
        Match match = Regex.Match(SourceOf(type), @"((?:[ \t]*///[^\n]*\n)+)[ \t]*" + declaration);
        return match.Success ? Markdown(match.Groups[1].Value) : string.Empty;
    }

    /// <summary>The type's declaration with its doc comment, up to its closing brace: a file may hold several types.</summary>
    private static string SourceOf(Type type) => Files
        .Select(text => Regex.Match(text, $@"(?:^///[^\n]*\n)*^public [\w ]*(?:class|record|struct) {type.Name}\b(?:\([^{{}}]*?\);$|.*?^\}})", RegexOptions.Multiline | RegexOptions.Singleline))
        .First(match => match.Success)
        .Value;

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
