using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Tests.Core.Planning;

/// <summary>An issue's text may define what a word in brackets leads to, anywhere in the same body: our words have none.</summary>
public sealed class LinkInjectionTests
{
    private static readonly MarkdownPipeline Precise = new MarkdownPipelineBuilder().UsePreciseSourceLocation().Build();

    [Theory]
    [InlineData("[.]: https://attacker.example/x\n\nSee evil.com and bad[.]domain[.]ru.")]
    [InlineData("See evil.com.\n\n[ ]: https://attacker.example/x\n[x]: https://attacker.example/y\n[com]: https://attacker.example/z")]
    public void No_Link_That_The_Text_Defines_Stands_In_Our_Section(string body)
    {
        IssueSnapshot issue = IssueBuilder.Discovered.WithBody(body).Build() with { Labels = ["osint-researcher"] };

        string written = PreparationPlanner.For(Domain.Context, issue).Change.Body!;

        Assert.Contains("evil[.]com", written, StringComparison.Ordinal);
        Assert.DoesNotContain(Markdown.Parse(written, Precise).Descendants<LinkInline>(), link => link.Span.Start >= body.Length);
    }
}
