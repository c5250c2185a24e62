using System.Net;
using System.Text.RegularExpressions;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Output;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Tests.Infrastructure;
using SiteMonitor.Tests.LocalHost;
using Spectre.Console;

namespace SiteMonitor.Tests.Cli.Output;

/// <summary>Values come from issues, models and people: a console shows them and never acts on them.</summary>
public sealed partial class ConsoleTextTests : IDisposable
{
    private const string Hostile = "octo:watch:5 [red]x[/] [[y]] \u001b]0;title\u0007\u009b31m\u202e\u0000";
    private const string Shown = "octo:watch:5 [red]x[/] [[y]] \uFFFD]0;title\uFFFD\uFFFD31m\uFFFD\uFFFD";

    private readonly CliDriver _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_Value_Is_Shown_As_Text_And_Only_Our_Own_Words_Have_A_Style()
    {
        using StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.Yes, ColorSystem = ColorSystemSupport.TrueColor,
        });
        console.Profile.Width = 300;

        console.WriteStyledLine($"[red]{Hostile}[/] end");

        string text = writer.ToString();
        Assert.Contains(Shown, text, StringComparison.Ordinal);
        Assert.Equal(["\u001b[31m", "\u001b[0m"], EscapePattern().Matches(text).Select(m => m.Value.Replace("38;5;9", "31", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a\r\nNext, b", "a Next, b")]
    [InlineData("a \n\n b\n", "a b ")]
    [InlineData("a\u2028b\u0085c", "a b c")]
    public void A_Value_Cannot_Begin_A_Line_Of_Its_Own(string value, string expected)
    {
        using StringWriter writer = new();
        Consoles.Plain(writer).WriteStyledLine($"{value}");

        Assert.Equal(expected.TrimEnd(), writer.ToString().TrimEnd());
    }

    [Fact]
    public async Task Whatever_The_Application_Says_Reaches_The_Terminal_As_Text()
    {
        OperationResult result = new()
        {
            Code = OperationResult.DoneCode,
            Title = Hostile,
            Lines = [Hostile],
            Flags = [new FlagChange(Hostile, Hostile, Hostile)],
            Next = Hostile,
        };
        _cli.Environment["SITEMONITOR_OPERATOR"] = "ada";
        _cli.Respond(HttpStatusCode.OK, RolloutJson.Write(result));
        _cli.Respond(HttpStatusCode.OK, $"# Post-mortem\n\n{Hostile}\n", "text/markdown");
        _cli.Respond(HttpStatusCode.Accepted, RolloutJson.Write(new { instanceId = Hostile, reason = Hostile }));

        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("rollout", "freeze", "--yes"));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("incidents", "post-mortem", "INC-1"));
        Assert.Equal(ExitCode.Ok, await _cli.RunAsync("replay", _cli.Write("d.json", """{"zen":"x"}"""), "--secret", "s"));

        Assert.Equal(9, Regex.Count(_cli.Out, Regex.Escape(Shown)));
        Assert.DoesNotContain(_cli.Out, c => char.IsControl(c) && c is not ('\n' or '\r'));
    }

    /// <summary>Markup and the console's writer interpret values or pass them on as they are; one file uses them.</summary>
    [Fact]
    public void No_Command_Writes_To_The_Console_In_Another_Way()
    {
        string root = RepositoryRoot.File("src", "SiteMonitor.Cli");
        string[] files = [.. Directory.GetFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];

        string[] found = [.. files.Where(f => ForbiddenPattern().IsMatch(File.ReadAllText(f))).Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Order(StringComparer.Ordinal)];

        Assert.Equal(["Commands/SiteMonitorCommand.cs", "Output/ConsoleText.cs"], found);
    }

    [GeneratedRegex("\u001b\\[[0-9;]*m")]
    private static partial Regex EscapePattern();

    [GeneratedRegex(@"\bMarkup|Profile\.Out\.Writer")]
    private static partial Regex ForbiddenPattern();
}
