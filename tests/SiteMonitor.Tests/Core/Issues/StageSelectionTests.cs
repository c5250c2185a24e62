using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Core.Issues;

public sealed class StageSelectionTests
{
    [Theory]
    [InlineData("site-monitor", RequestedStage.Auto, "Analysis,Preparation")]
    [InlineData("site-monitor", RequestedStage.All, "Analysis,Preparation")]
    [InlineData("site-monitor", RequestedStage.Analysis, "Analysis")]
    [InlineData("site-monitor,analyzing", RequestedStage.Auto, "Analysis,Preparation")]
    [InlineData("osint-researcher", RequestedStage.Auto, "Preparation")]
    [InlineData("osint-researcher", RequestedStage.Preparation, "Preparation")]
    [InlineData("OSINT-Researcher,processing", RequestedStage.Auto, "Preparation")]
    [InlineData("site-monitor,osint-researcher", RequestedStage.Auto, "Preparation")]
    [InlineData("site-monitor,osint-researcher,needs-review", RequestedStage.Auto, "Preparation")]
    [InlineData("osint-researcher,threat-hunter", RequestedStage.Auto, "Preparation")]
    [InlineData("site-monitor,threat-hunter", RequestedStage.Auto, "Analysis,Preparation")]
    public void Select_WhenTheStateAsksForWork_NamesTheStagesInOrder(string labels, RequestedStage requested, string stages)
    {
        StageChoice choice = Select(labels, requested);

        Assert.Equal(stages.Split(',').Select(Enum.Parse<Stage>), choice.Stages);
        Assert.Empty(choice.Code);
        Assert.NotEmpty(choice.Reason);
    }

    [Theory]
    [InlineData("completed", "already-completed")]
    [InlineData("osint-researcher,copilot-assigned", "already-copilot-assigned")]
    [InlineData("copilot-assigned,site-monitor", "already-copilot-assigned")]
    [InlineData("site-monitor,feature", "held-by-feature")]
    [InlineData("osint-researcher,needs-review", "held-by-needs-review")]
    [InlineData("site-monitor,needs clarification", "held-by-needs-clarification")]
    [InlineData("threat-hunter", "specialist-without-catalogue-entry")]
    [InlineData("site-monitor,business-analyst,needs-review", "held-by-needs-review")]
    [InlineData("bug", "no-workflow-label")]
    [InlineData("", "no-workflow-label")]
    public void Select_WhenThereIsNothingToDo_SkipsWithTheReasonWhateverWasAsked(string labels, string code)
    {
        foreach (RequestedStage requested in Enum.GetValues<RequestedStage>())
        {
            StageChoice choice = Select(labels, requested);

            Assert.True(choice.IsSkip);
            Assert.False(choice.IsRefused);
            Assert.Equal(code, choice.Code);
            Assert.NotEmpty(choice.Reason);
        }
    }

    [Theory]
    [InlineData("site-monitor", RequestedStage.Preparation, "not-assigned")]
    [InlineData("osint-researcher", RequestedStage.Analysis, "not-discovered")]
    [InlineData("osint-researcher", RequestedStage.All, "not-discovered")]
    [InlineData("site-monitor,osint-researcher", RequestedStage.All, "not-discovered")]
    public void Select_OfAStageTheStateDoesNotAllow_IsRefused(string labels, RequestedStage requested, string code)
    {
        StageChoice choice = Select(labels, requested);

        Assert.True(choice.IsRefused);
        Assert.Empty(choice.Stages);
        Assert.Equal(code, choice.Code);
        Assert.Contains(requested.ToName(), choice.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Select_OfAClosedIssueOrAPullRequest_Skips()
    {
        Assert.Equal("issue-closed", StageSelection.Select(IssueBuilder.Discovered.Closed().Build(), RequestedStage.Auto, Domain.Catalogue).Code);
        Assert.Equal("is-pull-request", StageSelection.Select(IssueBuilder.Discovered.AsPullRequest().Build(), RequestedStage.Auto, Domain.Catalogue).Code);
    }

    [Theory]
    [InlineData(null, RequestedStage.Auto)]
    [InlineData(" ", RequestedStage.Auto)]
    [InlineData("AUTO", RequestedStage.Auto)]
    [InlineData(" analysis ", RequestedStage.Analysis)]
    [InlineData("Preparation", RequestedStage.Preparation)]
    [InlineData("all", RequestedStage.All)]
    public void TryParse_OfAStage_IgnoresCaseAndSpaces(string? text, RequestedStage expected)
    {
        Assert.True(RequestedStageNames.TryParse(text, out RequestedStage stage, out string? error));
        Assert.Equal(expected, stage);
        Assert.Null(error);
    }

    [Theory]
    [InlineData("prepare")]
    [InlineData("0")]
    [InlineData("auto,all")]
    public void TryParse_OfAnythingElse_SaysWhatIsAllowed(string text)
    {
        Assert.False(RequestedStageNames.TryParse(text, out _, out string? error));
        Assert.Equal($"'{text}' is not a stage: use auto, analysis, preparation or all.", error);
    }

    private static StageChoice Select(string labels, RequestedStage requested) =>
        StageSelection.Select(new IssueFacts(labels.Split(',', StringSplitOptions.RemoveEmptyEntries)), requested, Domain.Catalogue);
}
