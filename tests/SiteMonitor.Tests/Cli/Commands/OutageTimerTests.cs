using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli.Commands;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class OutageTimerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_Minute_In_A_Row_Is_The_End_Of_Patience()
    {
        OutageTimer outage = new(_time, TimeSpan.FromMinutes(1));

        Assert.True(outage.RecordFailure());
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(outage.RecordFailure());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(outage.RecordFailure());
    }

    [Fact]
    public void An_Answer_In_Between_Begins_The_Minute_Anew()
    {
        OutageTimer outage = new(_time, TimeSpan.FromMinutes(1));
        outage.RecordFailure();
        _time.Advance(TimeSpan.FromSeconds(59));
        outage.Reset();
        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.True(outage.RecordFailure());
    }
}
