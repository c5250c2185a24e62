using SiteMonitor.Cli;
using SiteMonitor.Cli.Output;
using Spectre.Console;

namespace SiteMonitor.Tests.Cli;

public sealed class TerminalTests
{
    private const string Words = "The analysis of the finding ended with a score that is not enough to assign it to a specialist.";

    [Theory]
    [InlineData("60", 60)]
    [InlineData("5", 40)]
    [InlineData(null, 400)]
    [InlineData("", 400)]
    [InlineData("0", 400)]
    [InlineData("wide", 400)]
    public void Redirected_Output_Is_As_Wide_As_The_Variable_COLUMNS_Says(string? columns, int expected)
    {
        using StringWriter writer = new();

        IAnsiConsole console = Terminal.CreateConsole(writer, isRedirected: true, name => name == "COLUMNS" ? columns : null);

        Assert.Equal(expected, console.Profile.Width);
    }

    [Fact]
    public void Redirected_Tables_Are_Wrapped_Between_Words_And_Have_No_Trailing_Blanks()
    {
        using StringWriter writer = new();
        IAnsiConsole console = Terminal.CreateConsole(writer, isRedirected: true, _ => "60");
        Grid grid = ConsoleText.CreateGrid(columns: 2);
        grid.AddTextRow("octo-org/watchtower#1", Words);
        grid.AddTextRow("octo-org/watchtower#2", "UnifiedPipeline.Preparation.Fallback.Of.A.Name.That.Is.Longer.Than.The.Line");

        console.WriteWholeWords(grid);

        string[] lines = writer.ToString().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.Equal(line.TrimEnd(), line));
        Assert.Contains(lines, line => line.EndsWith("Longer.Than.The.Line", StringComparison.Ordinal));
        string[] words = string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(Words.Split(' '), word => Assert.Contains(word, words));
    }
}
