using SiteMonitor.Core.Rollout.Plan;

namespace SiteMonitor.Tests.Documentation;

public sealed class PlanSchemaTests
{
    [Fact]
    public void The_published_schema_of_the_plan_is_the_types_schema() => CommittedFile.ShouldBe(PlanJson.Schema(), "docs", "rollout-plan.schema.json");
}
