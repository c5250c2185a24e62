using SiteMonitor.Tests.Documentation;
using SiteMonitor.Tests.Functions.EndToEnd;
using SiteMonitor.Tests.LocalHost.EndToEnd;
using SiteMonitor.Tests.LocalHost.Scenarios;
using SiteMonitor.Tests.Publishing;
using SiteMonitor.Tests.Security;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(SiteMonitor.Tests.LongestFirst))]

namespace SiteMonitor.Tests;

/// <summary>Starts the classes that take longest first, so that none is left alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest =
    [
        .. new[]
        {
            typeof(DashboardBrowserTests), typeof(HostCrashTests), typeof(FaultCampaignTests), typeof(RehearsalTests),
            typeof(RolloutScenarioTests), typeof(LowVolumeScenarioTests), typeof(DocumentedCommandRunTests), typeof(UndoCrashTests),
            typeof(LocalHost.EndToEnd.BacklogTests), typeof(GuardInfluenceTests), typeof(PublishTests), typeof(OutageTests),
            typeof(FaultTests), typeof(FloodTests), typeof(SecondDeliveryTests), typeof(RollbackUnderLoadTests),
        }.Select(t => $" {t.FullName} "),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(c => Rank(c.TestCollectionDisplayName))];

    private static int Rank(string collection)
    {
        int rank = Array.FindIndex(Longest, name => collection.Contains(name, StringComparison.Ordinal));
        return rank < 0 ? Longest.Length : rank;
    }
}
