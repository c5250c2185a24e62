using SiteMonitor.Core.Issues;

namespace SiteMonitor.Tests.Core.Issues;

public sealed class DeliveryEvaluatorTests
{
    private readonly DeliveryEvaluator _judgement = new(Domain.Catalogue, ["beta-test"]);

    [Theory]
    [InlineData("site-monitor", "site-monitor")]
    [InlineData("urgent", "site-monitor,urgent")]
    [InlineData("beta-test", "site-monitor,beta-test")]
    [InlineData("osint-researcher", "osint-researcher")]
    [InlineData("Osint-Researcher", "site-monitor,needs-review,Osint-Researcher")]
    public void A_Trigger_Label_On_An_Issue_With_Work_To_Do_Starts(string label, string labels) =>
        Assert.Equal(DeliveryAction.Start, _judgement.EvaluateLabeled(label, Facts(labels), byUs: false).Action);

    [Theory]
    [InlineData("bug", "site-monitor,bug", "not-a-trigger-label")]
    [InlineData("analyzing", "site-monitor,analyzing", "not-a-trigger-label")]
    [InlineData("urgent", "bug,urgent", "no-workflow-label")]
    [InlineData("site-monitor", "site-monitor,feature", "held-by-feature")]
    [InlineData("threat-hunter", "threat-hunter", "specialist-without-catalogue-entry")]
    public void Whatever_Has_Nothing_To_Do_Is_Ignored_With_The_Reason(string label, string labels, string code)
    {
        DeliveryDecision verdict = _judgement.EvaluateLabeled(label, Facts(labels), byUs: false);

        Assert.Equal(DeliveryAction.Ignore, verdict.Action);
        Assert.Equal(code, verdict.Code);
        Assert.NotEmpty(verdict.Reason);
    }

    [Theory]
    [InlineData("analyzing")]
    [InlineData("processing")]
    [InlineData("osint-researcher")]
    [InlineData("threat-hunter")]
    [InlineData("copilot-assigned")]
    [InlineData("needs-review")]
    [InlineData("needs clarification")]
    [InlineData("completed")]
    public void Our_Own_Label_Writes_Are_Recognised(string label) =>
        Assert.Equal("own-write", _judgement.EvaluateLabeled(label, Facts("osint-researcher"), byUs: true).Code);

    [Theory]
    [InlineData("site-monitor")]
    [InlineData("urgent")]
    [InlineData("beta-test")]
    public void A_Monitoring_Job_That_Acts_With_Our_Token_Starts_Work(string label) =>
        Assert.Equal(DeliveryAction.Start, _judgement.EvaluateLabeled(label, Facts($"site-monitor,{label}"), byUs: true).Action);

    [Fact]
    public void Only_Taking_Off_A_Holding_Label_Starts_Work()
    {
        Assert.Equal(DeliveryAction.Start, _judgement.EvaluateUnlabeled("needs clarification", Facts("site-monitor"), byUs: false).Action);
        Assert.Equal(DeliveryAction.Start, _judgement.EvaluateUnlabeled("feature", Facts("osint-researcher"), byUs: false).Action);
        Assert.Equal("held-by-feature", _judgement.EvaluateUnlabeled("needs-review", Facts("site-monitor,feature"), byUs: false).Code);
        Assert.Equal("not-a-trigger-label", _judgement.EvaluateUnlabeled("osint-researcher", Facts("site-monitor"), byUs: false).Code);
        Assert.Equal("own-write", _judgement.EvaluateUnlabeled("needs-review", Facts("osint-researcher,processing"), byUs: true).Code);
    }

    [Fact]
    public void An_Opened_Issue_Starts_By_Its_Labels()
    {
        Assert.Equal(DeliveryAction.Start, _judgement.EvaluateOpened(Facts("site-monitor")).Action);
        Assert.Equal("no-workflow-label", _judgement.EvaluateOpened(Facts("bug")).Code);
    }

    [Theory]
    [InlineData("osint-researcher,copilot-assigned", CloseReason.Completed, DeliveryAction.Complete, "")]
    [InlineData("osint-researcher", CloseReason.Completed, DeliveryAction.Complete, "")]
    [InlineData("completed", CloseReason.Completed, DeliveryAction.Ignore, "already-completed")]
    [InlineData("site-monitor", CloseReason.Completed, DeliveryAction.Ignore, "nothing-to-complete")]
    [InlineData("osint-researcher,copilot-assigned", CloseReason.NotPlanned, DeliveryAction.Ignore, "not-closed-as-completed")]
    [InlineData("osint-researcher,copilot-assigned", CloseReason.Duplicate, DeliveryAction.Ignore, "not-closed-as-completed")]
    public void A_Closed_Issue_Is_Completed_Only_When_It_Was_On_Its_Way(string labels, CloseReason reason, DeliveryAction action, string code)
    {
        DeliveryDecision verdict = _judgement.EvaluateClosed(Facts(labels) with { IsOpen = false, ClosedAs = reason });

        Assert.Equal(action, verdict.Action);
        Assert.Equal(code, verdict.Code);
    }

    private static IssueFacts Facts(string labels) => new(labels.Split(','));
}
