using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

public sealed class SlidingWindowProperties
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Requests of random cost come at random times and take random time; GitHub counts each at some moment while it is under way.</summary>
    [Property(MaxTest = 200)]
    public Property No_Window_Of_GitHub_Ever_Sees_More_Than_The_Limit()
    {
        var request = from gap in Gen.Choose(0, 3000) from takes in Gen.Choose(0, 800) from arrives in Gen.Choose(0, 100) from cost in Gen.Elements(1, 5) select (gap, takes, arrives, cost);
        return Prop.ForAll(request.ListOf().ToArbitrary(), requests =>
        {
            const int Limit = 12;
            TimeSpan length = TimeSpan.FromSeconds(10);
            SlidingWindow window = new(length);
            DateTimeOffset now = Start;
            List<(DateTimeOffset At, int Cost)> counted = [];
            foreach ((int gap, int takes, int arrives, int cost) in requests)
            {
                now += TimeSpan.FromMilliseconds(gap);
                now += window.GetWait(cost, Limit, now);
                window.Begin(cost);
                counted.Add((now + TimeSpan.FromMilliseconds(takes * arrives / 100d), cost));
                now += TimeSpan.FromMilliseconds(takes);
                window.End(cost, now);
            }

            return counted.TrueForAll(first => counted.Where(c => c.At >= first.At && c.At < first.At + length).Sum(c => c.Cost) <= Limit);
        });
    }

    [Property(MaxTest = 100)]
    public bool What_Fits_Does_Not_Wait(PositiveInt limit) => new SlidingWindow(TimeSpan.FromMinutes(1)).GetWait(limit.Get, limit.Get, Start) == TimeSpan.Zero;
}
