using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli.Commands;

namespace SiteMonitor.Tests.Cli.Commands;

public sealed class OutageTimerTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_minute_in_a_row_is_the_end_of_patience()
    {
        OutageTimer outage = new(_time, TimeSpan.FromMinutes(1));

        Assert.True(outage.RecordFailure());
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(outage.RecordFailure());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(outage.RecordFailure());
    }

    [Fact]
    public void An_answer_in_between_begins_the_minute_anew()
    {
        OutageTimer outage = new(_time, TimeSpan.FromMinutes(1));
        outage.RecordFailure();
        _time.Advance(TimeSpan.FromSeconds(59));
        outage.Reset();
        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.True(outage.RecordFailure());
    }
}
