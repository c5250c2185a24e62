using System.Text.RegularExpressions;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Tests.Infrastructure;

namespace SiteMonitor.Tests.Documentation;

/// <summary>Finds the commands in the documents: each line of a block of shell, and in the text what stands in backticks and begins with a program or a verb of ours.</summary>
internal static partial class DocumentedCommands
{
    /// <summary>The word that tells a reader, and the tests, that a command cannot be tried without a subscription or Azure's own tools.</summary>
    public const string Mark = "Needs Azure";

    private static readonly string[] Programs = ["sitemonitor", "dotnet", "azd", "az", "func", "azurite", "gh", "curl", "devtunnel", "npm", "npx", "node", "openssl", "pwsh"];

    public static IReadOnlyList<string> Documents { get; } =
    [
        "README.md", "CHANGELOG.md", "SECURITY.md", "polyfills/README.md",
        .. Directory.GetFiles(RepositoryRoot.File("docs"), "*.md", SearchOption.AllDirectories)
            .Select(d => Path.GetRelativePath(RepositoryRoot.Path, d).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>What the command line can be told to do; tables leave its name out.</summary>
    public static IReadOnlyList<string> Verbs { get; } = [.. SiteMonitorCommand.Create(Terminal.ForProcess()).Subcommands.Select(c => c.Name)];

    public static IEnumerable<DocumentedCommand> Of(string document)
    {
        string[] lines = RepositoryRoot.Read(document).ReplaceLineEndings("\n").Split('\n');
        string? fence = null;
        string before = string.Empty;
        bool section = false, atTop = false;
        foreach (string line in lines)
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                fence = fence is null ? line.Trim('`', ' ') : null;
                continue;
            }

            if (fence is not null)
            {
                if (fence == "sh" && Command(line) is { Length: > 0 } command)
                {
                    yield return new DocumentedCommand(document, command, section || before.Contains(Mark, StringComparison.Ordinal));
                }

                continue;
            }

            if (line.StartsWith('#'))
            {
                (section, atTop) = (false, true);
            }
            else if (line.Length > 0)
            {
                before = line;
                section |= atTop && line.StartsWith(Mark, StringComparison.Ordinal);
                atTop = false;
            }

            foreach (string command in InlinePattern().Matches(line).Select(m => Command(m.Groups[1].Value)).Where(IsCommand))
            {
                yield return new DocumentedCommand(document, command, section || line.Contains(Mark, StringComparison.Ordinal));
            }
        }
    }

    private static string Command(string text) => CommentPattern().Replace(text.Replace("\\|", "|", StringComparison.Ordinal), string.Empty).Trim();

    private static bool IsCommand(string text)
    {
        string[] words = text.Split(' ');
        return words.Length > 1 && words[1] != "…" && (Programs.Contains(words[0]) || Verbs.Contains(words[0]));
    }

    [GeneratedRegex("`([^`\n]+)`")]
    private static partial Regex InlinePattern();

    [GeneratedRegex(@"(^|\s+)#\s.*$")]
    private static partial Regex CommentPattern();
}

/// <summary>A command that a document tells its readers to give.</summary>
/// <param name="Text">As it stands there, without a comment behind it.</param>
/// <param name="NeedsAzure">Whether the document says, beside it or at the top of its section, that it needs Azure.</param>
internal sealed record DocumentedCommand(string Document, string Text, bool NeedsAzure)
{
    private static readonly string[] Prefixes = ["dotnet dev.cs cli -- ", "sitemonitor "];

    /// <summary>What the command line is given; null when the command is another program's.</summary>
    public string? Arguments { get; } =
        Prefixes.Where(p => Text.StartsWith(p, StringComparison.Ordinal)).Select(p => Text[p.Length..]).FirstOrDefault()
        ?? (DocumentedCommands.Verbs.Contains(Text.Split(' ')[0]) && !SetsVariable(Text) ? Text : null);

    public override string ToString() => $"{Document}: {Text}";

    /// <summary>A shell's own <c>export NAME=value</c>.</summary>
    private static bool SetsVariable(string text) => text.Split(' ') is ["export", var name, ..] && name.Contains('=', StringComparison.Ordinal);
}
