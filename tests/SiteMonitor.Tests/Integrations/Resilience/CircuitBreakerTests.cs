using System.ClientModel;
using System.Net;
using Azure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Polly.CircuitBreaker;
using SiteMonitor.Core;
using SiteMonitor.Integrations.Resilience;

namespace SiteMonitor.Tests.Integrations.Resilience;

public sealed class CircuitBreakerTests
{
    private static readonly CircuitBreakerOptions Options = new();

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly CircuitBreaker _breaker;
    private int _opened;
    private int _sent;

    public CircuitBreakerTests() =>
        _breaker = new CircuitBreaker("github", Options, Options.MaxBreakDuration, _time, () => _opened++, NullLogger.Instance);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Dead_Service_Gets_Four_Requests_And_Then_None()
    {
        for (int i = 0; i < 20; i++)
        {
            await SendAsync(502);
        }

        Assert.Equal((4, 1), (_sent, _opened));
        Assert.Equal(_time.GetUtcNow(), _breaker.OpenSince);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(1), _breaker.RetryAt);
        BrokenCircuitException broken = Assert.Throws<BrokenCircuitException>(_breaker.ThrowIfOpen);
        Assert.Equal(TimeSpan.FromSeconds(1), OutageDetector.GetRetryDelay(broken));
        Assert.Equal(TimeSpan.FromSeconds(1), OutageDetector.GetRetryDelay(new AggregateException(new IOException(), broken)));
    }

    [Fact]
    public async Task Breaks_Double_Up_To_The_Longest_And_Each_Costs_One_Probe()
    {
        await OpenAsync();
        List<double> breaks = [];
        for (int probes = 1; probes <= 7; probes++)
        {
            _time.SetUtcNow(_breaker.RetryAt!.Value);
            await Assert.ThrowsAsync<BrokenCircuitException>(async () => await ProbeIfOpenAsync(503));
            await SendAsync(503);
            Assert.Equal(4 + probes, _sent);
            breaks.Add((_breaker.RetryAt!.Value - _time.GetUtcNow()).TotalSeconds);
        }

        Assert.Equal([30, 60, 120, 240, 300, 300, 300], breaks);
        Assert.Equal(1, _opened);
    }

    [Fact]
    public async Task The_First_Probe_That_Is_Answered_Ends_The_Outage()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_breaker.RetryAt);
        await ProbeIfOpenAsync(200);

        Assert.False(_breaker.IsOpen);
        Assert.Null(_breaker.OpenSince);
        Assert.Equal(200, await SendAsync(200));
    }

    /// <summary>Its requests fail whatever happens, but the probe does not: others wait for a second at most.</summary>
    [Fact]
    public async Task An_Issue_Whose_Requests_All_Fail_Keeps_The_Circuit_Open_For_A_Second_Only()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await ProbeIfOpenAsync(200);
        await OpenAsync();

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(1), _breaker.RetryAt);
    }

    [Fact]
    public async Task While_A_Probe_Is_Under_Way_Others_Are_Told_To_Come_Back_Soon()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (Task probe, TaskCompletionSource<int> answer) = await BeginProbeAsync();

        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(1), _breaker.RetryAt);
        await SendAsync(200);
        Assert.Equal(4, _sent);

        answer.SetResult(200);
        await probe;
        Assert.False(_breaker.IsOpen);
    }

    /// <summary>It was sent before the circuit opened, so it says nothing that the probe must find out.</summary>
    [Theory]
    [InlineData(502)]
    [InlineData(200)]
    public async Task A_Request_From_Before_The_Outage_Neither_Fails_Nor_Passes_As_The_Probe(int late)
    {
        (Task<int> slow, TaskCompletionSource<int> answer) = await BeginAsync();
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        (Task probe, TaskCompletionSource<int> probed) = await BeginProbeAsync();

        answer.SetResult(late);
        Assert.Equal(late, await slow);

        Assert.True(_breaker.IsOpen);
        Assert.Equal(_time.GetUtcNow() + TimeSpan.FromSeconds(1), _breaker.RetryAt);
        probed.SetResult(200);
        await probe;
        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public async Task Requests_From_Before_The_Outage_Do_Not_Begin_Another_One()
    {
        (Task<int> Sent, TaskCompletionSource<int> Answer)[] slow =
            [await BeginAsync(), await BeginAsync(), await BeginAsync(), await BeginAsync()];
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await ProbeIfOpenAsync(200);

        foreach ((Task<int> sent, TaskCompletionSource<int> answer) in slow)
        {
            answer.SetResult(502);
            Assert.Equal(502, await sent);
        }

        Assert.Equal((false, 1), (_breaker.IsOpen, _opened));
    }

    [Fact]
    public async Task A_Caller_That_Gives_Up_Does_Not_End_The_Outage()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        using CancellationTokenSource caller = new();
        TaskCompletionSource<int> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task probe = _breaker.ProbeIfOpenAsync(async token => await answer.Task.WaitAsync(token), caller.Token).AsTask();

        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);

        Assert.True(_breaker.IsOpen);
        answer.SetResult(200);
        for (int i = 0; _breaker.IsOpen && i < 3000; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Stop);
        }

        Assert.False(_breaker.IsOpen);
    }

    /// <summary>On a quiet system nobody finds out that the service is back.</summary>
    [Fact]
    public async Task A_Service_That_Nobody_Asks_Is_Not_Reported_As_Down_For_Long()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<BrokenCircuitException>(async () => await ProbeIfOpenAsync(503));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(_breaker.OpenSince);

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Null(_breaker.OpenSince);
        Assert.True(_breaker.IsOpen);
    }

    /// <summary>Perhaps a single issue made the requests fail, and no other call has come since.</summary>
    [Fact]
    public async Task Without_A_Failed_Probe_A_Service_Is_Reported_As_Down_During_The_First_Break_Only()
    {
        await OpenAsync();
        Assert.NotNull(_breaker.OpenSince);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_breaker.OpenSince);
        Assert.True(_breaker.IsOpen);

        // While the probe is under way, the outage is as likely as before.
        (Task probe, TaskCompletionSource<int> answer) = await BeginProbeAsync();
        Assert.NotNull(_breaker.OpenSince);
        answer.SetResult(200);
        await probe;
        Assert.Null(_breaker.OpenSince);
    }

    [Fact]
    public async Task A_Probe_Of_An_Earlier_Outage_Does_Not_Confirm_The_Next_One()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<BrokenCircuitException>(async () => await ProbeIfOpenAsync(503));
        _time.SetUtcNow(_breaker.RetryAt!.Value);
        await ProbeIfOpenAsync(200);

        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(_breaker.OpenSince);
    }

    [Fact]
    public async Task A_Request_That_Is_Not_The_Probe_Is_Refused_Until_The_Probe_Is_Answered()
    {
        await OpenAsync();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Throws<BrokenCircuitException>(_breaker.ThrowUnlessClosed);
        await ProbeIfOpenAsync(200);
        _breaker.ThrowUnlessClosed();
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(429)]
    public async Task Refusals_And_Rate_Limits_Do_Not_Open_It(int status)
    {
        for (int i = 0; i < 20; i++)
        {
            await SendAsync(status);
        }

        Assert.Equal((20, false), (_sent, _breaker.IsOpen));
    }

    public static TheoryData<string> Outages => [.. Failures.Where(f => f.Value.IsOutage).Select(f => f.Key)];

    public static TheoryData<string> Others => [.. Failures.Where(f => !f.Value.IsOutage).Select(f => f.Key)];

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task Requests_Without_An_Answer_Open_It(string failure)
    {
        await FailAsync(failure);

        Assert.True(_breaker.IsOpen);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task Answers_That_Refuse_Or_Cannot_Be_Read_Do_Not_Open_It(string failure)
    {
        await FailAsync(failure);

        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public async Task Requests_That_Their_Caller_Cancels_Do_Not_Open_It()
    {
        using CancellationTokenSource gone = new();
        for (int i = 0; i < 8; i++)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _breaker.ExecuteAsync<int>(
                async token =>
                {
                    await gone.CancelAsync();
                    token.ThrowIfCancellationRequested();
                    return 200;
                },
                gone.Token));
        }

        Assert.False(_breaker.IsOpen);
    }

    [Fact]
    public async Task Half_Of_The_Requests_Must_Fail()
    {
        for (int i = 0; i < 20; i++)
        {
            await SendAsync(200);
            await SendAsync(i % 2 == 0 ? 500 : 200);
        }

        Assert.False(_breaker.IsOpen);
    }

    private static Dictionary<string, (Func<Exception> Create, bool IsOutage)> Failures { get; } = new()
    {
        ["connection refused"] = (() => new HttpRequestException(HttpRequestError.ConnectionError), true),
        ["reset"] = (() => new IOException(), true),
        ["time-out of the client"] = (() => new TaskCanceledException(), true),
        ["time-out at GitHub"] = (() => new TransientFailureException("github-timeout", "GitHub did not answer."), true),
        ["model without an answer"] = (() => new ClientResultException("reset"), true),
        ["store without an answer"] = (() => new RequestFailedException("reset"), true),
        ["store with 503"] = (() => new RequestFailedException(503, "unavailable"), true),
        ["store with 429"] = (() => new RequestFailedException(429, "throttled"), false),
        ["store with 403"] = (() => new RequestFailedException(403, "forbidden"), false),
        ["refused for good"] = (() => new PermanentFailureException("github-forbidden", "no"), false),
        ["garbage"] = (() => new System.Text.Json.JsonException(), false),
    };

    private async Task FailAsync(string failure)
    {
        for (int i = 0; i < 4; i++)
        {
            await Assert.ThrowsAnyAsync<Exception>(async () => await _breaker.ExecuteAsync<int>(_ => throw Failures[failure].Create(), Stop));
        }
    }

    private async Task OpenAsync()
    {
        while (!_breaker.IsOpen)
        {
            await SendAsync(502);
        }
    }

    /// <summary>Sends a request whose status comes later.</summary>
    private Task<(Task<int> Sent, TaskCompletionSource<int> Answer)> BeginAsync() =>
        BeginAsync(request => _breaker.ExecuteAsync(request, Stop).AsTask());

    /// <summary>Sends the probe, whose status comes later.</summary>
    private Task<(Task Sent, TaskCompletionSource<int> Answer)> BeginProbeAsync() =>
        BeginAsync(request => _breaker.ProbeIfOpenAsync(request, Stop).AsTask());

    private static async Task<(T Sent, TaskCompletionSource<int> Answer)> BeginAsync<T>(
        Func<Func<CancellationToken, ValueTask<int>>, T> send)
    {
        TaskCompletionSource<int> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        T sent = send(async _ =>
        {
            started.SetResult();
            return await answer.Task;
        });
        await started.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
        return (sent, answer);
    }

    private async Task<int> SendAsync(int status)
    {
        try
        {
            using HttpResponseMessage response = await _breaker.ExecuteAsync(_ => ValueTask.FromResult(Answer(status)), Stop);
            return (int)response.StatusCode;
        }
        catch (BrokenCircuitException)
        {
            return 0;
        }
    }

    private async ValueTask ProbeIfOpenAsync(int status) => await _breaker.ProbeIfOpenAsync(
        _ =>
        {
            _sent++;
            return ValueTask.FromResult(status);
        },
        Stop);

    private HttpResponseMessage Answer(int status)
    {
        _sent++;
        return new HttpResponseMessage((HttpStatusCode)status);
    }
}
