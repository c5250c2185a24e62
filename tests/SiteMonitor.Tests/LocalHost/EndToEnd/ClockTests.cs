using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Core.Ledger;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Control;
using SiteMonitor.Tests.Sandbox;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Advancing the clock of a sandbox moves the whole application, and nothing else has such a clock.</summary>
public sealed class ClockTests : IDisposable
{
    private readonly TestDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_Application_Follows_The_Clock_And_A_Restart_Keeps_It()
    {
        DateTimeOffset before = TimeProvider.System.GetUtcNow();
        await using (RunningHost host = await StartAsync())
        {
            Assert.True((await AdvanceAsync(host.Sandbox!, "5.00:00:00")).CanAdvance);

            Assert.InRange(host.Services.GetRequiredService<TimeProvider>().GetUtcNow() - before, TimeSpan.FromDays(5), TimeSpan.FromDays(5.1));
            // The beat of the moment at which the clock stopped may still be under way.
            (int count, int expected) = await CountHeartbeatsAsync(host);
            for (int attempt = 0; attempt < 50 && count != expected; attempt++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Cancelled);
                (count, expected) = await CountHeartbeatsAsync(host);
            }

            Assert.True(expected >= (5 * 96) - 1 && count == expected, $"{count} of {expected} heartbeats");
            host.Simulation!.Session.MarkFinished(false);
            host.Sandbox!.Perform(new UserAction { Do = UserActionKind.Open, Value = "Work left", Labels = ["site-monitor"] });
        }

        await using RunningHost second = await StartAsync();
        Assert.True(second.Services.GetRequiredService<TimeProvider>().GetUtcNow() - before > TimeSpan.FromDays(5) || !second.Simulation!.Session.IsResumed);
    }

    private static async Task<(int Count, int Expected)> CountHeartbeatsAsync(RunningHost host)
    {
        List<RunRecord> beats = [];
        await foreach (RunRecord beat in host.Services.GetRequiredService<IRunLedger>().QueryAsync(new LedgerQuery(Kind: RunKind.Heartbeat), Cancelled))
        {
            beats.Add(beat);
        }

        return Heartbeats.Count(beats, beats[0].Started, host.Services.GetRequiredService<TimeProvider>().GetUtcNow());
    }

    [Fact]
    public async Task A_Clock_That_Is_Not_Simulated_Is_Not_Advanced()
    {
        await using SandboxServer sandbox = await TestSandbox.StartAsync();
        using HttpClient http = new() { BaseAddress = sandbox.BaseAddress };

        using HttpResponseMessage response = await http.PostAsJsonAsync("sandbox/clock", new { advance = "1.00:00:00" }, Cancelled);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task A_Finding_Can_Be_Opened_Without_A_Body()
    {
        await using SandboxServer sandbox = await TestSandbox.StartAsync();
        using HttpClient http = new() { BaseAddress = sandbox.BaseAddress };
        int before = sandbox.Issues().Count;

        using HttpResponseMessage response = await http.PostAsync("sandbox/finding", null, Cancelled);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(before + 1, sandbox.Issues().Count);
        Assert.Contains("site-monitor", sandbox.Issues()[^1].Labels);
    }

    public void Dispose() => _directory.Dispose();

    private static async Task<ClockView> AdvanceAsync(SandboxServer sandbox, string span)
    {
        using HttpClient http = new() { BaseAddress = sandbox.BaseAddress };
        using HttpResponseMessage response = await http.PostAsJsonAsync("sandbox/clock", new { advance = span }, Cancelled);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(Cancelled));
        return (await response.Content.ReadFromJsonAsync<ClockView>(Cancelled))!;
    }

    private Task<RunningHost> StartAsync() => RunningHost.StartAsync(
        HostArguments.Parse(["--port", "0", "--data", Path.Combine(_directory.Path, "data")], out _)!, static _ => { }, Cancelled);
}
