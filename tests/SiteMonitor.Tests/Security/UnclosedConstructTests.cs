using Markdig.Syntax;
using Markdig;
using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;
using SiteMonitor.Core.Preparation;
using SiteMonitor.Tests.Core.Planning;
using SiteMonitor.Tests.Core;

namespace SiteMonitor.Tests.Security;

/// <summary>Whatever a text leaves open, however often: our heading is read as a heading, or the guidance goes into the comment.</summary>
public sealed class UnclosedConstructTests
{
    [Theory]
    [InlineData("<details>", 300)]
    [InlineData("<details>", 6_000)]
    [InlineData("<div>", 12_000)]
    [InlineData("<b>", 20_000)]
    [InlineData("<a href=x>", 6_000)]
    [InlineData("<!--", 16_000)]
    [InlineData("<pre>\n", 10_000)]
    [InlineData("```\n", 16_001)]
    [InlineData("~~~~\n", 13_001)]
    [InlineData("> ", 60)]
    [InlineData("- ", 60)]
    [InlineData("[", 60)]
    [InlineData("![x](", 12_000)]
    [InlineData("*", 60_000)]
    [InlineData("\\", 60_001)]
    [InlineData("<details title=\"", 4_000)]
    [InlineData("<![CDATA[", 7_000)]
    [InlineData("<?", 30_000)]
    public void Our_Heading_Is_Read_As_One_Or_The_Guidance_Is_In_The_Comment(string construct, int times)
    {
        string body = string.Concat(Enumerable.Repeat(construct, times));
        IssueSnapshot issue = IssueBuilder.Labelled("site-monitor", "analyzing").WithBody(body).Build();

        ChangePlan plan = PreparationPlanner.For(Domain.Context, issue, Decisions.Assign("osint-researcher"));

        string? written = plan.Change.Body;
        Assert.True(written is null || (written.Length <= GuidanceSection.MaxBodyLength && written.StartsWith(body, StringComparison.Ordinal)));
        if (written is not null)
        {
            MarkdownDocument document = Markdown.Parse(written);
            Assert.Contains(document.OfType<HeadingBlock>(), heading => heading.Level == 2 && heading.Line > 0 && written[heading.Span.Start..].StartsWith("## 🤖", StringComparison.Ordinal));
        }

        Assert.True(written is not null || plan.IsGuidanceInComment, "The guidance stands nowhere.");
    }
}
