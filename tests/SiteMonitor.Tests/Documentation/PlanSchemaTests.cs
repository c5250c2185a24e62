using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Tests.Documentation;

public sealed class PlanSchemaTests
{
    [Fact]
    public void The_Published_Schema_Of_The_Plan_Is_The_Types_Schema() => CommittedFile.ShouldBe(PlanJson.Schema(), "docs", "rollout-plan.schema.json");
}
