using Microsoft.Extensions.Time.Testing;
using SiteMonitor.Core.Ledger;
using SiteMonitor.Integrations.GitHub;
using SiteMonitor.Integrations.GitHub.Pacing;

namespace SiteMonitor.Tests.Integrations.GitHub.Pacing;

public sealed class RequestPacerTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task The_First_Write_Goes_At_Once()
    {
        using RequestPacer pacer = Pacer();
        using CallMeter meter = CallMeter.Start();
        using (await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token))
        {
        }

        Assert.Equal(0, meter.Total.WaitMs);
    }

    [Fact]
    public async Task Writes_Go_One_At_A_Time()
    {
        using RequestPacer pacer = Pacer(o => o.WriteInterval = TimeSpan.Zero);
        RequestPermit first = await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);
        Task<RequestPermit> second = pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);
        Task<RequestPermit> read = pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token);

        Assert.True(read.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
        first.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await second).Dispose();
    }

    [Fact]
    public async Task Writes_Are_A_Second_Apart_And_The_Wait_Is_Counted()
    {
        using RequestPacer pacer = Pacer();
        using CallMeter meter = CallMeter.Start();
        (await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token)).Dispose();
        Task<RequestPermit> second = pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        (await second).Dispose();

        Assert.InRange(meter.Total.WaitMs, 1000, 1002);
    }

    [Fact]
    public async Task A_Queue_Longer_Than_Ten_Seconds_Is_Answered_With_Times_One_Second_Apart()
    {
        using RequestPacer pacer = Pacer();
        Task<RequestPermit>[] turns = [.. Enumerable.Range(0, 20).Select(_ => pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token))];

        List<double> waits = [];
        foreach (Task<RequestPermit> refused in turns.Where(t => t.IsCompleted).Skip(1))
        {
            waits.Add((await Assert.ThrowsAsync<RateLimitedException>(() => refused)).Wait.TotalSeconds);
        }

        // One goes, ten wait their turn, nine are sent away.
        Assert.Equal(Enumerable.Range(11, 9).Select(s => (double)s), waits);
    }

    [Fact]
    public async Task Writes_Of_Work_That_Has_Begun_Go_Before_Those_That_Begin_Work_Of_Which_Few_Wait()
    {
        using RequestPacer pacer = Pacer();
        RequestPermit first = await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);
        Task<RequestPermit>[] beginning =
            [.. Enumerable.Range(0, 6).Select(_ => pacer.AcquireAsync(RequestKind.Write, "core", startsWork: true, Token))];
        Task<RequestPermit> going = pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);

        RateLimitedException later = await Assert.ThrowsAsync<RateLimitedException>(() => beginning[5]);
        Assert.True(later.Wait >= TimeSpan.FromSeconds(6), $"{later.Wait}");
        first.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await going).Dispose();
        Assert.DoesNotContain(beginning[..5], b => b.IsCompleted);
    }

    [Fact]
    public async Task Nobody_Waits_In_The_Queue_For_Longer_Than_Allowed()
    {
        using RequestPacer pacer = Pacer();
        RequestPermit stuck = await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);
        Task<RequestPermit> waiting = pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);

        _time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<RateLimitedException>(() => waiting);
        stuck.Dispose();
        Assert.NotNull(await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token));
    }

    [Fact]
    public async Task A_Used_Up_Hour_Is_Told_At_Once_And_Ends()
    {
        using RequestPacer pacer = Pacer(o => (o.WriteInterval, o.Limits.ContentPerHour) = (TimeSpan.Zero, 3));
        for (int i = 0; i < 3; i++)
        {
            (await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token)).Dispose();
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        RateLimitedException limited = await Assert.ThrowsAsync<RateLimitedException>(() => pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token));
        // GitHub may count a write some seconds after its slot.
        Assert.Equal(new TimeSpan(0, 57, 15), limited.Wait);
        (await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token)).Dispose();
        _time.Advance(limited.Wait);
        (await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token)).Dispose();
    }

    [Fact]
    public async Task Reads_Get_The_Points_That_Writes_Leave()
    {
        using RequestPacer pacer = Pacer(o => (o.Limits.PointsPerMinute, o.MaxQueueWait) = (12, TimeSpan.Zero));
        for (int i = 0; i < 6; i++)
        {
            (await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token)).Dispose();
        }

        RateLimitedException limited = await Assert.ThrowsAsync<RateLimitedException>(
            () => pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token));
        Assert.Equal(TimeSpan.FromMinutes(1), limited.Wait);
        (await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token)).Dispose();
    }

    [Fact]
    public async Task What_GitHub_Does_Not_Count_Is_Not_Counted()
    {
        using RequestPacer pacer = Pacer(o => (o.Limits.RequestsPerHour, o.MaxQueueWait) = (1, TimeSpan.Zero));
        for (int i = 0; i < 5; i++)
        {
            using RequestPermit turn = await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token);
            turn.IsUncounted = true;
        }

        (await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token)).Dispose();
        await Assert.ThrowsAsync<RateLimitedException>(() => pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token));
    }

    [Fact]
    public async Task No_More_Requests_Are_Under_Way_Than_Set()
    {
        using RequestPacer pacer = Pacer(o => o.MaxConcurrentRequests = 2);
        RequestPermit first = await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token);
        await pacer.AcquireAsync(RequestKind.Read, "graphql", startsWork: false, Token);
        Task<RequestPermit> third = pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token);
        Assert.False(third.IsCompleted);
        first.Dispose();
        Assert.NotNull(await third);
    }

    [Fact]
    public async Task A_Request_That_Waits_For_A_Limit_Leaves_Its_Place_To_Others()
    {
        using RequestPacer pacer = Pacer(o => o.MaxConcurrentRequests = 1);
        pacer.Gate.Close(TimeSpan.FromSeconds(5), "graphql");
        Task<RequestPermit> waiting = pacer.AcquireAsync(RequestKind.Read, "graphql", startsWork: false, Token);

        Task<RequestPermit> other = pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token);

        Assert.True(other.IsCompletedSuccessfully);
        Assert.False(waiting.IsCompleted);
        (await other).Dispose();
        _time.Advance(TimeSpan.FromSeconds(6));
        (await waiting).Dispose();
    }

    [Fact]
    public async Task A_Request_Waits_For_Room_No_Longer_Than_Allowed()
    {
        using RequestPacer pacer = Pacer(o => o.MaxConcurrentRequests = 1);
        using RequestPermit stuck = await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token);
        Task<RequestPermit> waiting = pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token);

        _time.Advance(TimeSpan.FromSeconds(10));

        await Assert.ThrowsAsync<RateLimitedException>(() => waiting);
    }

    [Fact]
    public async Task A_Process_That_Is_Alone_May_Send_All_Concurrent_Requests_Whatever_The_Maximum_Of_Processes()
    {
        using RequestPacer pacer = Pacer(o => o.MaxInstances = 84);
        using (await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token))
        {
            _time.Advance(TimeSpan.FromSeconds(20));
        }

        Task<RequestPermit>[] reads =
            [.. Enumerable.Range(0, 20).Select(_ => pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token))];

        Assert.All(reads, read => Assert.True(read.IsCompletedSuccessfully));
        Assert.False(pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token).IsCompleted);
    }

    [Fact]
    public async Task With_Many_Processes_A_Write_Queues_As_Long_As_The_Record_Has_A_Slot()
    {
        InMemoryPacingStateStore store = new(_time);
        await store.TrySaveAsync(
            "credential",
            new PacingState
            {
                Processes = Enumerable.Range(0, 23).ToDictionary(i => $"process-{i}", _ => _time.GetUtcNow().ToUnixTimeMilliseconds()),
            },
            version: null,
            Token);
        using RequestPacer pacer = Pacers.Create(_time, store, new PacingHealth(), o => o.MaxInstances = 24);
        RequestPermit first = await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);
        Task<RequestPermit> second = pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);

        Assert.False(second.IsFaulted);
        first.Dispose();
        while (!second.IsCompleted)
        {
            _time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Token);
        }

        (await second).Dispose();
    }

    [Fact]
    public async Task A_Closed_Gate_Holds_Back_Its_Resource_Only()
    {
        using RequestPacer pacer = Pacer();
        pacer.Gate.Close(TimeSpan.FromMinutes(5), "graphql");

        Assert.Equal(TimeSpan.FromMinutes(5), (await Assert.ThrowsAsync<RateLimitedException>(() => pacer.AcquireAsync(RequestKind.Read, "graphql", startsWork: false, Token))).Wait);
        (await pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token)).Dispose();
        pacer.Gate.Close(TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<RateLimitedException>(() => pacer.AcquireAsync(RequestKind.Read, "core", startsWork: false, Token));
    }

    [Fact]
    public async Task A_Caller_Who_Gives_Up_Leaves_The_Queue()
    {
        using RequestPacer pacer = Pacer();
        RequestPermit first = await pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);
        using CancellationTokenSource caller = new();
        Task<RequestPermit> second = pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);

        first.Dispose();
        Task<RequestPermit> third = pacer.AcquireAsync(RequestKind.Write, "core", startsWork: false, Token);
        _time.Advance(TimeSpan.FromSeconds(1.1));
        (await third).Dispose();
    }

    private RequestPacer Pacer(Action<GitHubOptions>? set = null)
    {
        return Pacers.Create(_time, set);
    }
}
