using SiteMonitor.Benchmarks.Crash;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Kills the host while the simulated GitHub keeps running.</summary>
public sealed class HostCrashTests
{
    /// <summary>Together with the four of <see cref="BacklogTests"/> 25 kills of the whole host.</summary>
    private const int Kills = 21;

    [Fact]
    public async Task Killed_Again_And_Again_It_Loses_Nothing_It_Accepted_And_Applies_Nothing_Twice()
    {
        int seed = Random.Shared.Next();

        HostCrashResult findings = await HostCrash.RunAsync(Kills, seed, TestContext.Current.CancellationToken);

        Assert.True(findings.Faults.Count == 0, $"Seed {seed}:\n{string.Join('\n', findings.Faults.Concat(findings.Failures))}");
        Assert.True(findings.Accepted > 0, $"Seed {seed}: no delivery was accepted, so none could be lost.");
    }
}
