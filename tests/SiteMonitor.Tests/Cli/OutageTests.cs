using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Cli.Commands;

namespace SiteMonitor.Tests.Cli;

public sealed class OutageTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_minute_in_a_row_is_the_end_of_patience()
    {
        Outage outage = new(_time, TimeSpan.FromMinutes(1));

        Assert.True(outage.MayLast());
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(outage.MayLast());
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(outage.MayLast());
    }

    [Fact]
    public void An_answer_in_between_begins_the_minute_anew()
    {
        Outage outage = new(_time, TimeSpan.FromMinutes(1));
        outage.MayLast();
        _time.Advance(TimeSpan.FromSeconds(59));
        outage.End();
        _time.Advance(TimeSpan.FromSeconds(59));

        Assert.True(outage.MayLast());
    }
}
