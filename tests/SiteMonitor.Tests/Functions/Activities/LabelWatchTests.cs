using SiteMonitor.Core.Specialists;
using SiteMonitor.Functions.Activities;

namespace SiteMonitor.Tests.Functions.Activities;

public sealed class LabelWatchTests
{
    [Theory]
    [InlineData("site-monitor", "Site-Monitor", false)]
    [InlineData("site-monitor,bug", "site-monitor,docs,urgent", false)]
    [InlineData("site-monitor", "site-monitor,feature", true)]
    [InlineData("site-monitor,analyzing", "site-monitor", true)]
    [InlineData("site-monitor", "site-monitor,osint-researcher", true)]
    public void Only_changes_of_workflow_labels_count(string before, string now, bool differ) =>
        Assert.Equal(differ, LabelWatch.Differ(before.Split(','), now.Split(','), CatalogueLoader.BuiltIn));
}
