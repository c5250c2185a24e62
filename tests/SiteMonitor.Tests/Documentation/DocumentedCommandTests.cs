using System.CommandLine;
using System.Text.RegularExpressions;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Commands in the documents are ones that there are, and links lead somewhere.</summary>
public sealed partial class DocumentedCommandTests
{
    private static readonly string[] Documents = ["README.md", "CHANGELOG.md", "polyfills/README.md", .. Directory.GetFiles(RepositoryRoot.File("docs"), "*.md", SearchOption.AllDirectories)];

    public static TheoryData<string> Names => [.. Documents.Select(d => Path.GetRelativePath(RepositoryRoot.Path, RepositoryRoot.File(d)))];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_sitemonitor_command_parses(string document)
    {
        RootCommand root = SiteMonitorCommand.Create(Terminal.OfProcess());
        foreach (string command in Commands(document))
        {
            ParseResult parsed = root.Parse(Example(command));
            Assert.True(parsed.Errors.Count == 0, $"{document}: '{command}': {string.Join(' ', parsed.Errors.Select(e => e.Message))}");
        }
    }

    [Fact]
    public void The_runbook_and_the_readme_have_commands() => Assert.All((string[])["README.md", "docs/runbook.md"], d => Assert.NotEmpty(Commands(d)));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_verb_of_dev_cs_is_one_it_has(string document)
    {
        string[] verbs = [.. VerbPattern().Matches(RepositoryRoot.Read("dev.cs")).Select(m => m.Groups[1].Value)];
        Assert.Empty(DevPattern().Matches(RepositoryRoot.Read(document)).Select(m => m.Groups[1].Value).Except(verbs));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_link_to_a_file_leads_to_one(string document)
    {
        string folder = Path.GetDirectoryName(RepositoryRoot.File(document))!;
        foreach (string target in LinkPattern().Matches(RepositoryRoot.Read(document)).Select(m => m.Groups[1].Value.Split('#')[0]).Where(t => t.Length > 0 && !t.Contains(':', StringComparison.Ordinal)))
        {
            Assert.True(Path.Exists(Path.Combine(folder, target)), $"{document} links to {target}, which is not there.");
        }
    }

    /// <summary>In code blocks a line, in the text what stands in backticks; without the program's name.</summary>
    private static IEnumerable<string> Commands(string document)
    {
        string text = RepositoryRoot.Read(document);
        IEnumerable<string> lines = FencePattern().Matches(text).SelectMany(m => m.Groups[1].Value.Split('\n'));
        IEnumerable<string> inline = InlinePattern().Matches(FencePattern().Replace(text, string.Empty)).Select(m => m.Groups[1].Value);
        return lines.Concat(inline).Select(l => CommandPattern().Match(l.Trim())).Where(m => m.Success).Select(m => m.Groups[1].Value).Where(c => !c.StartsWith('…'));
    }

    /// <summary>The command with something in place of what a reader fills in; of alternatives, the first.</summary>
    private static string Example(string command)
    {
        string text = CommentPattern().Replace(command.Replace("\\|", "|", StringComparison.Ordinal), string.Empty);
        text = AlternativePattern().Replace(text, "$1");
        return PlaceholderPattern().Replace(text, "x").Replace("[", string.Empty, StringComparison.Ordinal).Replace("]", string.Empty, StringComparison.Ordinal).Replace("…", "x", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^```[a-z]*\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex FencePattern();

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex InlinePattern();

    [GeneratedRegex(@"^(?:sitemonitor|dotnet dev\.cs cli --) (.+)$")]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"\s+(?:#\s|[>|]\s).*$")]
    private static partial Regex CommentPattern();

    [GeneratedRegex(@"(?<=[\s\[])([\w-]+)(?:\|[\w-]+)+")]
    private static partial Regex AlternativePattern();

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex PlaceholderPattern();

    [GeneratedRegex(@"dotnet dev\.cs ([a-z]+)")]
    private static partial Regex DevPattern();

    [GeneratedRegex("^    \"([a-z]+)\"", RegexOptions.Multiline)]
    private static partial Regex VerbPattern();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex LinkPattern();
}
