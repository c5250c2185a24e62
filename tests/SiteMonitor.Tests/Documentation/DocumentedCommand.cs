namespace SiteMonitor.Tests.Documentation;

/// <summary>A command that a document tells its readers to give.</summary>
/// <param name="Text">As it stands there, without a comment behind it.</param>
/// <param name="NeedsAzure">Whether the document says, beside it or at the top of its section, that it needs Azure.</param>
internal sealed record DocumentedCommand(string Document, string Text, bool NeedsAzure)
{
    private static readonly string[] Prefixes = ["dotnet dev.cs cli -- ", "sitemonitor "];

    /// <summary>What the command line is given; null when the command is another program's.</summary>
    public string? Arguments { get; } =
        Prefixes.Where(p => Text.StartsWith(p, StringComparison.Ordinal)).Select(p => Text[p.Length..]).FirstOrDefault()
        ?? (DocumentedCommands.Verbs.Contains(Text.Split(' ')[0]) ? Text : null);

    public override string ToString() => $"{Document}: {Text}";
}
