using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SiteMonitor.Core;
using SiteMonitor.Core.Reporting;
using SiteMonitor.Core.Rollout.Operations;
using SiteMonitor.Core.Rollout.State;
using SiteMonitor.Integrations.Announcements;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Security;

/// <summary>What operators write acts nowhere: not in Markdown, HTML, a chat or a terminal.</summary>
public sealed class OperatorTextTests : IDisposable
{
    private readonly RolloutFixture _rollout = new("half");

    public static TheoryData<string> Texts =>
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "@channel look", "@octocat/team", "<!channel> <!here>", "<@U012345|kim>", "[link](https://evil.example)", "![x](https://evil.example/x)",
        "**bold** _it_ `code` ~~s~~", "Fixes #12", "\u001b[31mred\u001b[0m", "\u001b]0;title\u0007", "\u001b]8;;https://evil.example\u0007x", "\u009b2J", "line one\r\n# heading", "line\u2028two", "a\rb", "a\u202Eb\u2066c",
        "| cell | cell |", "\u0000\u0008\u007f", "<!-- comment -->", "</td></tr><script>", "https://x.example/?a=1&b=<c>", "\\`\\<b>",
    ];

    public void Dispose() => _rollout.Dispose();

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task It_Acts_In_No_Outlet(string text)
    {
        OperatorRequest request = new() { Operator = text, Reason = text };
        await _rollout.Incidents.OpenAsync(request, RolloutFixture.Cancel);
        await _rollout.Incidents.UpdateAsync("INC-1", request, RolloutFixture.Cancel);
        await _rollout.Control.RunAsync("rollback", request, RolloutFixture.Cancel);
        MetricsReader metrics = new(_rollout.Ledger, _rollout.Comparisons, _rollout.States, _rollout.Time);
        RolloutReport report = await new ReportReader(metrics, _rollout.States, _rollout.Ledger, _rollout.Time).ReadAsync(TimeSpan.FromDays(30), RolloutFixture.Cancel);
        Announcement announcement = (await _rollout.StateAsync()).Outbox[0] with { Title = text, Lines = [text] };

        AssertInactiveMarkdown((await _rollout.PostMortem.DraftAsync("INC-1", RolloutFixture.Cancel))!);
        AssertInactiveMarkdown(ReportMarkdown.Write(report));
        AssertInactiveMarkdown(IssueChannel.Write(announcement));
        string html = ReportHtml.Write(report);
        Assert.DoesNotContain("<script>", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        string slack = (string)SlackMessage.Write(announcement)["blocks"]![1]!["text"]!["text"]!;
        Assert.DoesNotContain('<', slack);
        Assert.Equal("TextRun", (string)TeamsMessage.Write(announcement)["attachments"]![0]!["content"]!["body"]![0]!["inlines"]![0]!["type"]!);
        Assert.DoesNotContain(TerminalText.Clean(text), c => char.IsControl(c) && c is not ('\n' or '\r' or '\t'));
    }

    private static void AssertInactiveMarkdown(string markdown)
    {
        MarkdownDocument document = Markdown.Parse(markdown, new MarkdownPipelineBuilder().UsePipeTables().Build());
        Assert.Empty(document.Descendants<LinkInline>());
        Assert.Empty(document.Descendants<AutolinkInline>());
        Assert.Empty(document.Descendants<CodeInline>());
        Assert.All(document.Descendants<HtmlInline>(), html => Assert.Matches("^</?sub>$", html.Tag));
        Assert.All(document.Descendants<HtmlBlock>(), html => Assert.Matches("^(<sub>|<!-- sitemonitor-announcement )", html.Lines.ToString()));
        Assert.DoesNotContain(markdown, c => char.IsControl(c) && c != '\n');
        Assert.DoesNotMatch(@"@[A-Za-z]", markdown);
        Assert.DoesNotContain("# heading\n", markdown.Replace("- ", string.Empty, StringComparison.Ordinal).Split('\n').FirstOrDefault(l => l.StartsWith("# heading", StringComparison.Ordinal)) ?? string.Empty, StringComparison.Ordinal);
    }
}
