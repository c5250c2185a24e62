using SiteMonitor.Cli.Output;
using SiteMonitor.Core;
using SiteMonitor.Tests.LocalHost;
using Spectre.Console;

namespace SiteMonitor.Tests.Cli.Output;

public sealed class MarkdownTextTests
{
    [Fact]
    public void Headings_Lists_And_Tables_Are_Shown_Without_Their_Markup()
    {
        string[] lines = Show("""
            # Report

            Phase **half**, of `octo-org`.

            ## Metrics

            | Metric | Target |
            |---|---|
            | Error rate | &lt; 1 % |
            | Uptime | > 99 % |

            ### Action items

            - [ ] Look at it
            """);

        Assert.Equal(["Report", "Phase half, of octo-org.", "Metrics", "Action items"], lines.Where(l => l.Length > 0 && l[0] is not (' ' or '─')));
        Assert.Contains(lines, line => Columns(line) is ["Metric", "Target"]);
        Assert.Contains(lines, line => Columns(line) is ["Error rate", "< 1 %"]);
        Assert.Contains("  •  [ ] Look at it", lines);
        Assert.DoesNotContain(lines, line => line.Contains('|', StringComparison.Ordinal) || line.Contains('#', StringComparison.Ordinal));
    }

    [Fact]
    public void User_Text_Is_Shown_Literally_Without_Control_Characters()
    {
        string[] lines = Show($"- {PlainMarkdown.Escape("a | *b* [red]c[/] <i> & @ada _d_ ~e~ \u001b[2Jf")}\n\n```\n\u001b[31mcode\n```\n");

        Assert.Contains("a | *b* [red]c[/] <i> & @", lines[0], StringComparison.Ordinal);
        Assert.Contains("_d_ ~e~ \uFFFD[2Jf", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.Contains('\u001b', StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("code", StringComparison.Ordinal));
    }

    private static string[] Columns(string line) =>
        line.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Show(string markdown)
    {
        using StringWriter writer = new();
        IAnsiConsole console = Consoles.Plain(writer);
        console.Profile.Width = 100;
        MarkdownText.Write(console, markdown);
        return writer.ToString().ReplaceLineEndings("\n").Split('\n');
    }
}
