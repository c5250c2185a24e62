using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

public sealed class RateLimitGateTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_Limit_That_Names_No_Time_Closes_For_A_Minute_And_Twice_As_Long_Each_Time_It_Comes_Again()
    {
        RateLimitGate gate = new(_time);
        List<double> waits = [];
        for (int i = 0; i < 7; i++)
        {
            TimeSpan wait = gate.CloseWithBackoff();
            waits.Add(wait.TotalMinutes);
            Assert.Equal(wait, gate.GetRemainingWait("core"));
            _time.Advance(wait + TimeSpan.FromSeconds(1));
        }

        Assert.Equal([1, 2, 4, 8, 16, 16, 16], waits);
    }

    [Fact]
    public void Answers_To_What_Was_Under_Way_Make_It_No_Longer()
    {
        RateLimitGate gate = new(_time);
        gate.CloseWithBackoff();
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(40), gate.CloseWithBackoff());
        Assert.Equal(TimeSpan.FromSeconds(40), gate.GetRemainingWait("graphql"));
    }

    [Fact]
    public void A_Limit_Long_After_The_Last_One_Begins_With_A_Minute_Again()
    {
        RateLimitGate gate = new(_time);
        gate.CloseWithBackoff();
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(TimeSpan.FromMinutes(1), gate.CloseWithBackoff());
    }
}
