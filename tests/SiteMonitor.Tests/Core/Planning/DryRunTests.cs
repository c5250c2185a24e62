using SiteMonitor.Core.Contracts;
using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Planning;

namespace SiteMonitor.Tests.Core.Planning;

public sealed class DryRunTests
{
    private static readonly IssueSnapshot Issue = IssueBuilder.Labelled("site-monitor", "analyzing").WithBody("Secret text of the issue").Build();

    [Fact]
    public void A_Write_Is_Described_Without_The_Issues_Text()
    {
        IssueChange change = PreparationPlanner.For(Domain.Context, Issue, Decisions.Assign("osint-researcher")).Change;

        PlannedWrite write = DryRun.Describe(Domain.Context, Issue, change, "Prepare")!;

        Assert.Equal("Prepare", write.Step);
        Assert.Equal(["osint-researcher", "processing"], write.AddLabels);
        Assert.Equal(["site-monitor", "analyzing"], write.RemoveLabels);
        Assert.Matches(@"^add the guidance section \([0-9,]+ characters\) behind the text$", write.Body);
        Assert.Matches(@"^write: Assigned to OSINT Researcher \([0-9,]+ characters\)$", write.Comment);
        Assert.DoesNotContain("Secret", write.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_Second_Preparation_Is_Described_As_A_Replacement()
    {
        IssueSnapshot prepared = DryRun.ApplyChange(Issue, PreparationPlanner.For(Domain.Context, Issue, Decisions.Assign("osint-researcher")).Change);
        IssueSnapshot again = prepared with { Labels = ["site-monitor", "analyzing"] };

        PlannedWrite write = DryRun.Describe(Domain.Context, again, PreparationPlanner.For(Domain.Context, again, Decisions.Assign("target-profiler")).Change, "Prepare")!;

        Assert.StartsWith("replace the guidance section", write.Body, StringComparison.Ordinal);
        Assert.StartsWith("replace: Assigned to Target Profiler", write.Comment, StringComparison.Ordinal);
    }

    [Fact]
    public void An_Empty_Write_Is_None() => Assert.Null(DryRun.Describe(Domain.Context, Issue, IssueChange.None, "Finish"));

    [Fact]
    public void The_Assignment_Is_A_Write_Of_Its_Own() => Assert.True(DryRun.AssignCopilot("Assign").AssignsCopilot);
}
