using SiteMonitor.Benchmarks.Crash;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

public sealed class EngineCrashTests
{
    /// <summary>The campaign throws on anything lost, run again after its result had been taken, or stuck.</summary>
    [Fact]
    public async Task Killed_25_Times_At_Random_Moments_It_Loses_And_Repeats_Nothing_That_Was_Reported()
    {
        CrashResult findings = await EngineCrash.RunAsync(kills: 25, seed: 4711, TestContext.Current.CancellationToken);
        Assert.True(findings.Instances >= 5, $"Only {findings.Instances} orchestrations were started: the kills hit nothing.");
    }
}
