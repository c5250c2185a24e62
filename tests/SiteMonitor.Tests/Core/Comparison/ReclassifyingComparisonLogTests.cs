using SiteMonitor.Core.Comparison;
using SiteMonitor.Tests.Core.Rollout;

namespace SiteMonitor.Tests.Core.Comparison;

public sealed class ReclassifyingComparisonLogTests
{
    private static readonly AcceptedDifference Rule = new("x-is-better", ComparedField.Labels, DifferenceSide.Unified, "x", "It is.");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_Was_Compared_Before_A_Rule_Came_Is_Judged_By_It_And_By_No_Rule_That_Went()
    {
        MemoryComparisons log = new();
        log.Add("octo/watch#1", DateTimeOffset.UnixEpoch, DifferenceClassification.Unexplained);
        log.Add("octo/watch#2", DateTimeOffset.UnixEpoch, DifferenceClassification.Accepted);

        ConsistencyReport with = await ReportAsync(log, Rule);
        ConsistencyReport without = await ReportAsync(log);

        Assert.Equal((2, 0, 1.0), (with.Accepted, with.Unexplained, with.Consistency));
        Assert.All(with.Issues, i => Assert.Equal("It is.", Assert.Single(i.Differences).Reason));
        Assert.Equal((0, 2), (without.Accepted, without.Unexplained));
    }

    private static async Task<ConsistencyReport> ReportAsync(MemoryComparisons log, params AcceptedDifference[] rules) =>
        ConsistencyReport.Create(await new ReclassifyingComparisonLog(log, new AcceptedDifferenceRules(rules)).QueryAsync(DateTimeOffset.UnixEpoch, Cancel));
}
