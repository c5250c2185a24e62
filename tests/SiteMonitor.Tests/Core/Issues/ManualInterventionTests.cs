using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;

namespace SiteMonitor.Tests.Core.Issues;

public sealed class ManualInterventionTests
{
    [Theory]
    [InlineData("site-monitor", "Site-Monitor", false)]
    [InlineData("site-monitor,bug", "site-monitor,docs,urgent", false)]
    [InlineData("site-monitor", "site-monitor,feature", true)]
    [InlineData("site-monitor,analyzing", "site-monitor", true)]
    [InlineData("site-monitor", "site-monitor,osint-researcher", true)]
    [InlineData("site-monitor", "site-monitor,threat-hunter", true)]
    [InlineData("osint-researcher,copilot-assigned", "osint-researcher", true)]
    [InlineData("osint-researcher,copilot-assigned", "target-profiler,copilot-assigned", true)]
    [InlineData("osint-researcher", "osint-researcher,site-monitor", true)]
    public void Only_Changes_Of_Workflow_And_Specialist_Labels_Count(string before, string now, bool isShown) =>
        Assert.Equal(isShown, ManualIntervention.IsShownBy(before.Split(','), now.Split(','), CatalogueLoader.BuiltIn));

    [Theory]
    [InlineData("site-monitor,needs-review", "site-monitor")]
    [InlineData("site-monitor,needs clarification", "site-monitor,osint-researcher")]
    [InlineData("site-monitor,needs-review", "osint-researcher")]
    [InlineData("osint-researcher,feature", "osint-researcher")]
    [InlineData("site-monitor,osint-researcher,needs-review", "site-monitor,osint-researcher")]
    public void The_Answer_To_A_Waiting_Issue_And_Letting_A_Held_One_Go_On_Are_No_Interventions(string before, string now) =>
        Assert.False(ManualIntervention.IsShownBy(before.Split(','), now.Split(','), CatalogueLoader.BuiltIn));

    [Theory]
    [InlineData("completed", "completed,site-monitor")]
    [InlineData("bug", "bug,site-monitor")]
    public void An_Issue_That_Is_Not_In_Progress_Is_Anybodys(string before, string now) =>
        Assert.False(ManualIntervention.IsShownBy(before.Split(','), now.Split(','), CatalogueLoader.BuiltIn));

    [Theory]
    [InlineData("osint-researcher,processing", false)]
    [InlineData("site-monitor,analyzing,osint-researcher,processing", false)]
    [InlineData("osint-researcher,processing,feature", true)]
    [InlineData("site-monitor,analyzing,target-profiler", true)]
    public void What_An_Attempt_Of_Ours_Has_Done_Already_Is_Nobody_Elses_Change(string now, bool isShown)
    {
        IssueChange ours = new() { AddLabels = ["osint-researcher", "processing"], RemoveLabels = ["site-monitor", "analyzing"] };

        Assert.Equal(isShown, ManualIntervention.IsShownBy(["site-monitor", "analyzing"], now.Split(','), CatalogueLoader.BuiltIn, ours));
    }
}
