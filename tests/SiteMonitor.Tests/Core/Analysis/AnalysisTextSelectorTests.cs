using SiteMonitor.Core.Analysis;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Preparation;

namespace SiteMonitor.Tests.Core.Analysis;

public sealed class AnalysisTextSelectorTests
{
    [Fact]
    public void The_Model_Sees_Title_Text_And_The_Labels_That_Say_Something()
    {
        IssueSnapshot issue = IssueBuilder.Labelled("site-monitor", "Analyzing", "urgent", "osint", "needs-review").WithTitle(" A title ").WithBody(" text ").Build();

        AnalysisText text = AnalysisTextSelector.From(issue, Domain.Markers);

        Assert.Equal("A title", text.Title);
        Assert.Equal("text", text.Body);
        Assert.Equal(["urgent", "osint"], text.Labels);
    }

    [Fact]
    public void Our_Own_Section_Is_Left_Out()
    {
        IssueSnapshot issue = IssueBuilder.Discovered.WithBody("text").Build();
        IssueSnapshot guided = issue with { Body = GuidanceSection.Apply(issue.Body, "## Ours", issue.Ref, Domain.Markers) };

        Assert.Equal("text", AnalysisTextSelector.From(guided, Domain.Markers).Body);
    }

    [Fact]
    public void Of_A_Long_Text_The_Beginning_And_The_End_Stay_Within_The_Budget()
    {
        string body = $"START{new string('x', 50_000)}END";

        string trimmed = AnalysisTextSelector.From(IssueBuilder.Discovered.WithBody(body).Build(), Domain.Markers, 1_000).Body;

        Assert.InRange(trimmed.Length, 990, 1_000);
        Assert.StartsWith("START", trimmed, StringComparison.Ordinal);
        Assert.EndsWith("END", trimmed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(102)]
    [InlineData(103)]
    [InlineData(7)]
    public void No_Character_Is_Cut_In_Two(int budget)
    {
        string body = string.Concat(Enumerable.Repeat("🕵️‍♀️𝒳", 500));

        string trimmed = AnalysisTextSelector.From(IssueBuilder.Discovered.WithBody(body).Build(), Domain.Markers, budget).Body;

        Assert.DoesNotContain('\uFFFD', System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(trimmed)));
        Assert.True(trimmed.Length <= budget);
    }

    [Fact]
    public void The_Input_Hash_Ignores_Our_Section_Short_Lived_Labels_Case_And_Order()
    {
        IssueSnapshot issue = IssueBuilder.Labelled("site-monitor", "OSINT").Build();
        IssueSnapshot busy = issue with
        {
            Body = GuidanceSection.Apply(issue.Body, "## Ours", issue.Ref, Domain.Markers),
            Labels = ["osint", "processing", "analyzing", "Site-Monitor"],
        };

        Assert.Equal(InputHash.Compute(issue, Domain.Markers), InputHash.Compute(busy, Domain.Markers));
        Assert.Matches("^[0-9a-f]{64}$", InputHash.Compute(issue, Domain.Markers));
    }

    [Fact]
    public void The_Input_Hash_Follows_Title_Text_And_Labels()
    {
        IssueSnapshot issue = IssueBuilder.Labelled("site-monitor").WithTitle("ab").WithBody("c").Build();
        IssueSnapshot[] others =
        [
            issue with { Title = "a", Body = "bc" },
            issue with { Body = "c " },
            issue with { Labels = ["site-monitor", "osint"] },
            issue with { Labels = [] },
        ];

        Assert.Equal(others.Length, others.Select(other => InputHash.Compute(other, Domain.Markers)).Append(InputHash.Compute(issue, Domain.Markers)).Distinct().Count() - 1);
    }
}
