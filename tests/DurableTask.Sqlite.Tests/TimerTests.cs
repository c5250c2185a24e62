using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace DurableTask.Sqlite.Tests;

public sealed class TimerTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory, BothWays]
    public async Task Fires_When_Due_And_The_Orchestrator_Sees_That_Time(int cached)
    {
        await using TestHub hub = await Engine(cached).StartAsync();
        await hub.BeginAsync("Sleep", TimeSpan.FromHours(3), "a");
        await hub.IdleAsync();
        Assert.Equal(_clock.GetUtcNow().AddHours(3), hub.Hub.NextTimer);

        _clock.Advance(TimeSpan.FromHours(3) - TimeSpan.FromTicks(1));
        await hub.IdleAsync();
        Assert.Equal(Running, (await hub.GetAsync("a")).RuntimeStatus);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(_clock.GetUtcNow().UtcDateTime, (await hub.EndAsync("a")).ReadOutputAs<DateTime>());
    }

    [Theory, BothWays]
    public async Task Longer_Than_Any_Timer_Of_Dotnet_And_The_Process_It_Fires(int cached)
    {
        await using TestHub hub = await Engine(cached).StartAsync();
        await hub.BeginAsync("Sleep", TimeSpan.FromDays(400), "a");
        await hub.IdleAsync();

        await hub.RestartAsync();
        await hub.IdleAsync();
        _clock.Advance(TimeSpan.FromDays(200));
        await hub.IdleAsync();
        Assert.Equal(Running, (await hub.GetAsync("a")).RuntimeStatus);
        await hub.RestartAsync();
        _clock.Advance(TimeSpan.FromDays(200));

        Assert.Equal(Completed, (await hub.EndAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task Due_At_The_End_Of_Time_It_Stays_Set_After_A_Restart()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("Sleep", DateTime.MaxValue - _clock.GetUtcNow().UtcDateTime, "a");
        await hub.IdleAsync();
        await hub.StopAsync();
        _clock.Advance(TimeSpan.FromDays(1));

        await hub.StartAsync();
        await hub.IdleAsync();

        Assert.Equal(DateTimeOffset.MaxValue, hub.Hub.NextTimer);
        Assert.Equal(Running, (await hub.GetAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task Due_While_The_Host_Was_Down_Fires_At_The_Start()
    {
        await using TestHub hub = await Engine().StartAsync();
        await hub.BeginAsync("Sleep", TimeSpan.FromHours(1), "a");
        await hub.IdleAsync();
        await hub.StopAsync();

        _clock.Advance(TimeSpan.FromDays(1));
        await hub.StartAsync();

        Assert.Equal(Completed, (await hub.EndAsync("a")).RuntimeStatus);
    }

    [Theory, BothWays]
    public async Task In_The_Past_Fires_At_Once(int cached)
    {
        await using TestHub hub = await Engine(cached).StartAsync();
        Assert.Equal(Completed, (await hub.RunAsync("Sleep", TimeSpan.FromHours(-1))).RuntimeStatus);
    }

    [Theory, BothWays]
    public async Task Cancelled_Ends_Cancelled_And_Holds_Nothing_Up(int cached)
    {
        await using TestHub hub = await Engine(cached).Orchestrator("Cancel", async context =>
        {
            using CancellationTokenSource source = new();
            Task timer = context.CreateTimer(TimeSpan.FromDays(1), source.Token);
            await context.CallActivityAsync<int>("Echo", 1);
            source.Cancel();
            await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
            await context.CallActivityAsync<int>("Echo", 2);
        }).StartAsync();

        Assert.Equal(Completed, (await hub.RunAsync("Cancel")).RuntimeStatus);
        Assert.Null(hub.Hub.NextTimer);
    }

    [Theory, BothWays]
    public async Task Neither_Awaited_Nor_Cancelled_Keeps_The_Instance_Running(int cached)
    {
        await using TestHub hub = await Engine(cached).Orchestrator("Abandon", context =>
        {
            _ = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return Task.FromResult("done");
        }).StartAsync();
        await hub.BeginAsync("Abandon", id: "a");
        await hub.IdleAsync();
        Assert.Equal(Running, (await hub.GetAsync("a")).RuntimeStatus);

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("done", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Many_Fire_In_The_Order_Of_Their_Times(int cached)
    {
        await using TestHub hub = await Engine(cached).Orchestrator("Order", async context =>
        {
            List<int> order = [];
            await Task.WhenAll(new[] { 3, 1, 2 }.Select(async n =>
            {
                await context.CreateTimer(TimeSpan.FromMinutes(n), CancellationToken.None);
                order.Add(n);
            }));
            return string.Join(',', order);
        }).StartAsync();
        await hub.BeginAsync("Order", id: "a");

        for (int n = 0; n < 3; n++)
        {
            await hub.IdleAsync();
            _clock.SetUtcNow(hub.Hub.NextTimer!.Value);
        }

        Assert.Equal("1,2,3", (await hub.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_Clock_That_Goes_Back_Neither_Turns_An_Orchestrators_Time_Back_Nor_Delays_Its_Timers()
    {
        SettableClock clock = new();
        await using TestHub hub = await new TestHub(clock)
            .Activity<int, int>("SetBack", hours =>
            {
                clock.Offset -= TimeSpan.FromHours(hours);
                return hours;
            })
            .Orchestrator("Watch", async context =>
            {
                DateTime before = context.CurrentUtcDateTime;
                await context.CallActivityAsync<int>("SetBack", 5);
                DateTime after = context.CurrentUtcDateTime;
                await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
                return after >= before && context.CurrentUtcDateTime >= after;
            }).StartAsync();

        Assert.True((await hub.RunAsync("Watch")).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task Set_Before_The_Clock_Was_Put_Right_And_The_Host_Restarted_A_Timer_Waits_No_Longer_Than_Asked()
    {
        SettableClock clock = new() { Offset = TimeSpan.FromDays(365) };
        await using TestHub hub = await new TestHub(clock)
            .Orchestrator("Nap", context => context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None)).StartAsync();
        await hub.BeginAsync("Nap", id: "a");
        await hub.IdleAsync();
        await hub.StopAsync();

        clock.Offset = TimeSpan.Zero;
        await hub.StartAsync();

        Assert.Equal(Completed, (await hub.EndAsync("a")).RuntimeStatus);
    }

    private TestHub Engine(int cached = 10_000) => new TestHub(_clock) { Configure = o => o.MaxCachedHistories = cached }
        .Activity<int, int>("Echo", n => n)
        .Orchestrator("Sleep", async context =>
        {
            await context.CreateTimer(context.GetInput<TimeSpan>(), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
}
