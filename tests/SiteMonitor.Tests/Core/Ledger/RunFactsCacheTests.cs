using SiteMonitor.Core.Ledger;

namespace SiteMonitor.Tests.Core.Ledger;

public sealed class RunFactsCacheTests
{
    private static readonly DateTimeOffset Begin = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_Oldest_Are_Dropped_Beyond_The_Capacity_And_No_Query_Misses_Them()
    {
        RunFactsCache cache = new(capacity: 80);
        cache.Extend(Begin, []);
        for (int i = 0; i < 1000; i++)
        {
            cache.Add(Facts(i));

            IReadOnlyList<IRunFacts>? kept = cache.Query(new LedgerQuery(From: cache.Floor));
            Assert.True(kept!.Count <= 90);
            Assert.Equal(i >= 90, cache.IsFull);
            Assert.Equal(!cache.IsFull, cache.Query(new LedgerQuery(From: Begin)) is not null);
        }

        Assert.Equal(Enumerable.Range(950, 50).Select(Id), Ids(cache.Query(new LedgerQuery(From: Begin.AddMinutes(950)))!));
    }

    [Fact]
    public void Records_That_Started_At_The_Same_Time_As_A_Dropped_One_Are_Dropped_With_It()
    {
        RunFactsCache cache = new(capacity: 8);
        cache.Extend(Begin, []);
        for (int i = 0; i < 10; i++)
        {
            cache.Add(Facts(i, Begin.AddMinutes(i / 4)));
        }

        Assert.Equal(Begin.AddMinutes(0).AddTicks(1), cache.Floor);
        Assert.Equal(["run-4", "run-5", "run-6", "run-7", "run-8", "run-9"], Ids(cache.Query(new LedgerQuery(From: cache.Floor))!));
    }

    [Fact]
    public void What_Is_Older_Than_There_Is_Room_For_Ends_How_Far_The_Cache_Reaches()
    {
        RunFactsCache cache = new(capacity: 10);
        cache.Extend(Begin.AddMinutes(90), [.. Enumerable.Range(90, 6).Reverse().Select(i => Facts(i))]);
        Assert.Equal(4, cache.Free);

        cache.Extend(Begin, [.. Enumerable.Range(85, 5).Reverse().Select(i => Facts(i))]);

        Assert.True(cache.IsFull);
        Assert.Equal(Begin.AddMinutes(85).AddTicks(1), cache.Floor);
        Assert.Null(cache.Query(new LedgerQuery(From: Begin.AddMinutes(85))));
        Assert.Equal(Enumerable.Range(86, 10).Select(Id), Ids(cache.Query(new LedgerQuery(From: cache.Floor))!));
    }

    [Fact]
    public void A_Late_Record_Takes_Its_Place_And_A_Reader_Keeps_What_It_Began_With()
    {
        RunFactsCache cache = new(capacity: 100);
        cache.Extend(Begin, []);
        foreach (int i in (int[])[2, 5, 9])
        {
            cache.Add(Facts(i));
        }

        using IEnumerator<IRunFacts> reader = cache.Query(new LedgerQuery(From: Begin))!.GetEnumerator();
        Assert.True(reader.MoveNext());
        foreach (int i in (int[])[7, 1, 12, 5])
        {
            cache.Add(Facts(i));
        }

        List<string> seen = [reader.Current.RunId];
        while (reader.MoveNext())
        {
            seen.Add(reader.Current.RunId);
        }

        Assert.Equal([Id(2), Id(5), Id(9)], seen);
        Assert.Equal(new[] { 1, 2, 5, 5, 7, 9, 12 }.Select(Id), Ids(cache.Query(new LedgerQuery(From: Begin))!));
        Assert.Equal(new[] { 9, 7 }.Select(Id),
            Ids(cache.Query(new LedgerQuery(From: Begin, To: Begin.AddMinutes(12), Limit: 2, NewestFirst: true))!));
    }

    private static string Id(int number) => $"run-{number}";

    private static IEnumerable<string> Ids(IEnumerable<IRunFacts> facts) => [.. facts.Select(f => f.RunId)];

    private static RunFacts Facts(int number, DateTimeOffset? started = null) => RunFacts.From(
        new RunRecord
        {
            Kind = RunKind.Run,
            RunId = Id(number),
            Issue = "o/r#1",
            Trigger = TriggerNames.Webhook,
            Outcome = RunOutcome.Succeeded,
            Started = started ?? Begin.AddMinutes(number),
            Ended = Begin.AddMinutes(number),
        },
        new SharedTexts().Share);
}
