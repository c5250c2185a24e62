using SiteMonitor.Core.Issues;
using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Tests.Functions.Activities;

public sealed class WorkflowLabelDiffTests
{
    [Theory]
    [InlineData("site-monitor", "Site-Monitor", false)]
    [InlineData("site-monitor,bug", "site-monitor,docs,urgent", false)]
    [InlineData("site-monitor", "site-monitor,feature", true)]
    [InlineData("site-monitor,analyzing", "site-monitor", true)]
    [InlineData("site-monitor", "site-monitor,osint-researcher", true)]
    public void Only_Changes_Of_Workflow_Labels_Count(string before, string now, bool differ) =>
        Assert.Equal(differ, WorkflowLabelDiff.HasChanged(before.Split(','), now.Split(','), CatalogueLoader.BuiltIn));

    [Theory]
    [InlineData("osint-researcher,processing", false)]
    [InlineData("site-monitor,analyzing,osint-researcher,processing", false)]
    [InlineData("osint-researcher,processing,feature", true)]
    [InlineData("site-monitor,analyzing,target-profiler", true)]
    public void What_A_Try_Of_Ours_Has_Done_Already_Is_Nobody_Elses_Doing(string now, bool differ)
    {
        IssueChange ours = new() { AddLabels = ["osint-researcher", "processing"], RemoveLabels = ["site-monitor", "analyzing"] };

        Assert.Equal(differ, WorkflowLabelDiff.HasChanged(["site-monitor", "analyzing"], now.Split(','), CatalogueLoader.BuiltIn, ours));
    }
}
