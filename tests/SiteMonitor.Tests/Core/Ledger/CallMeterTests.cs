using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class CallMeterTests
{
    [Fact]
    public void Requests_Beside_The_Plain_Way_Count_As_Extra_With_Every_Meter_That_Is_On()
    {
        using CallMeter run = CallMeter.Start();
        CallMeter.Add(new Usage { GitHubReads = 1 });
        using (CallMeter beside = CallMeter.StartExtra())
        {
            CallMeter.Add(new Usage { GitHubReads = 1, GitHubWrites = 1, GitHubExtra = 1, ModelCalls = 1, WaitMs = 5 });
            Assert.Equal(new Usage { GitHubExtra = 3, ModelCalls = 1, WaitMs = 5 }, beside.Total);
        }

        CallMeter.Add(new Usage { GitHubWrites = 1 });

        Assert.Equal(new Usage { GitHubReads = 1, GitHubWrites = 1, GitHubExtra = 3, ModelCalls = 1, WaitMs = 5 }, run.Total);
    }
}
