using Microsoft.Extensions.Time.Testing;
using static Microsoft.DurableTask.Client.OrchestrationRuntimeStatus;

namespace SiteMonitor.Tests.Durable;

public sealed class TimerTests
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Theory, BothWays]
    public async Task Fires_When_Due_And_The_Orchestrator_Sees_That_Time(int live)
    {
        await using TestEngine engine = await Engine(live).StartAsync();
        await engine.BeginAsync("Sleep", TimeSpan.FromHours(3), "a");
        await engine.IdleAsync();
        Assert.Equal(_clock.GetUtcNow().AddHours(3), engine.Engine.NextTimer);

        _clock.Advance(TimeSpan.FromHours(3) - TimeSpan.FromTicks(1));
        await engine.IdleAsync();
        Assert.Equal(Running, (await engine.GetAsync("a")).RuntimeStatus);
        _clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(_clock.GetUtcNow().UtcDateTime, (await engine.EndAsync("a")).ReadOutputAs<DateTime>());
    }

    [Theory, BothWays]
    public async Task Longer_Than_Any_Timer_Of_Dotnet_And_The_Process_It_Fires(int live)
    {
        await using TestEngine engine = await Engine(live).StartAsync();
        await engine.BeginAsync("Sleep", TimeSpan.FromDays(400), "a");
        await engine.IdleAsync();

        await engine.RestartAsync();
        await engine.IdleAsync();
        _clock.Advance(TimeSpan.FromDays(200));
        await engine.IdleAsync();
        Assert.Equal(Running, (await engine.GetAsync("a")).RuntimeStatus);
        await engine.RestartAsync();
        _clock.Advance(TimeSpan.FromDays(200));

        Assert.Equal(Completed, (await engine.EndAsync("a")).RuntimeStatus);
    }

    [Fact]
    public async Task Due_While_The_Host_Was_Down_Fires_At_The_Start()
    {
        await using TestEngine engine = await Engine().StartAsync();
        await engine.BeginAsync("Sleep", TimeSpan.FromHours(1), "a");
        await engine.IdleAsync();
        await engine.StopAsync();

        _clock.Advance(TimeSpan.FromDays(1));
        await engine.StartAsync();

        Assert.Equal(Completed, (await engine.EndAsync("a")).RuntimeStatus);
    }

    [Theory, BothWays]
    public async Task In_The_Past_Fires_At_Once(int live)
    {
        await using TestEngine engine = await Engine(live).StartAsync();
        Assert.Equal(Completed, (await engine.RunAsync("Sleep", TimeSpan.FromHours(-1))).RuntimeStatus);
    }

    [Theory, BothWays]
    public async Task Cancelled_Ends_Cancelled_And_Holds_Nothing_Up(int live)
    {
        await using TestEngine engine = await Engine(live).Orchestrator("Cancel", async context =>
        {
            using CancellationTokenSource source = new();
            Task timer = context.CreateTimer(TimeSpan.FromDays(1), source.Token);
            await context.CallActivityAsync<int>("Echo", 1);
            source.Cancel();
            await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
            await context.CallActivityAsync<int>("Echo", 2);
        }).StartAsync();

        Assert.Equal(Completed, (await engine.RunAsync("Cancel")).RuntimeStatus);
        Assert.Null(engine.Engine.NextTimer);
    }

    [Theory, BothWays]
    public async Task Neither_Awaited_Nor_Cancelled_Keeps_The_Instance_Running(int live)
    {
        await using TestEngine engine = await Engine(live).Orchestrator("Abandon", context =>
        {
            _ = context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return Task.FromResult("done");
        }).StartAsync();
        await engine.BeginAsync("Abandon", id: "a");
        await engine.IdleAsync();
        Assert.Equal(Running, (await engine.GetAsync("a")).RuntimeStatus);

        _clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal("done", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Theory, BothWays]
    public async Task Many_Fire_In_The_Order_Of_Their_Times(int live)
    {
        await using TestEngine engine = await Engine(live).Orchestrator("Order", async context =>
        {
            List<int> order = [];
            await Task.WhenAll(new[] { 3, 1, 2 }.Select(async n =>
            {
                await context.CreateTimer(TimeSpan.FromMinutes(n), CancellationToken.None);
                order.Add(n);
            }));
            return string.Join(',', order);
        }).StartAsync();
        await engine.BeginAsync("Order", id: "a");

        for (int n = 0; n < 3; n++)
        {
            await engine.IdleAsync();
            _clock.SetUtcNow(engine.Engine.NextTimer!.Value);
        }

        Assert.Equal("1,2,3", (await engine.EndAsync("a")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_Clock_That_Goes_Back_Neither_Turns_An_Orchestrators_Time_Back_Nor_Delays_Its_Timers()
    {
        SettableClock clock = new();
        await using TestEngine engine = await new TestEngine(clock)
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

        Assert.True((await engine.RunAsync("Watch")).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task Set_Before_The_Clock_Was_Put_Right_And_The_Host_Restarted_A_Timer_Waits_No_Longer_Than_Asked()
    {
        SettableClock clock = new() { Offset = TimeSpan.FromDays(365) };
        await using TestEngine engine = await new TestEngine(clock)
            .Orchestrator("Nap", context => context.CreateTimer(TimeSpan.FromSeconds(2), CancellationToken.None)).StartAsync();
        await engine.BeginAsync("Nap", id: "a");
        await engine.IdleAsync();
        await engine.StopAsync();

        clock.Offset = TimeSpan.Zero;
        await engine.StartAsync();

        Assert.Equal(Completed, (await engine.EndAsync("a")).RuntimeStatus);
    }

    private TestEngine Engine(int live = 10_000) => new TestEngine(_clock) { Configure = o => o.MaxLiveOrchestrations = live }
        .Activity<int, int>("Echo", n => n)
        .Orchestrator("Sleep", async context =>
        {
            await context.CreateTimer(context.GetInput<TimeSpan>(), CancellationToken.None);
            return context.CurrentUtcDateTime;
        });
}
