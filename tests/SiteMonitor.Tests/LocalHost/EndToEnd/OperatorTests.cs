using Microsoft.Extensions.DependencyInjection;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox.Control;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Runs the CLI against a host that it finds by its files.</summary>
public sealed class OperatorTests : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private RunningHost? _host;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await RunningHost.StartAsync(
        HostArguments.Parse(["--port", "0", "--data", Path.Combine(_directory.Path, ".sitemonitor")], out _)!, static _ => { }, Cancelled);

    [Fact]
    public async Task An_Issue_Is_Planned_Processed_And_Shown()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("process-pipeline", "--issue", "1", "--dry-run"));
        Assert.Contains("write(s) to GitHub, none made.", _out.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_host!.Sandbox!.Writes, w => w.Via != "person");

        Assert.Equal(ExitCode.Ok, await RunAsync("process-pipeline", "--issue", "1", "--wait"));
        Assert.Contains("1 issue(s) done, 0 failed.", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("copilot-assigned", _host.Sandbox.Issue(1)!.Labels);

        Assert.Equal(ExitCode.Ok, await RunAsync("status", "--issue", "1"));
        Assert.Contains("by manual: succeeded", _out.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_New_Issue_Goes_Its_Way_By_Webhook_Alone()
    {
        IssueView issue = _host!.Sandbox!.Perform(new UserAction
        {
            Do = UserActionKind.Open,
            Value = "New ransomware campaign against grid operators",
            Text = "A threat actor tracked as APT-C-39 runs a ransomware campaign with new malware against grid operators. It exploits CVE-2025-21418.",
            Labels = ["site-monitor"],
        })!;

        await WaitUntilAsync(() => _host.Sandbox.Issue(issue.Number)!.Labels.Contains("copilot-assigned"));

        Assert.Contains("Copilot", _host.Sandbox.Issue(issue.Number)!.Assignees);
    }

    [Fact]
    public async Task A_Saved_Delivery_Is_Accepted_With_The_Sandboxs_Secret()
    {
        string file = _directory.Write("ping.json", """{"zen":"Design for failure.","hook_id":1,"repository":{"full_name":"octo-org/watchtower"}}""");

        Assert.Equal(ExitCode.Ok, await RunAsync("replay", file));
        Assert.Equal(ExitCode.Refused, await RunAsync("replay", file, "--secret", "wrong"));
    }

    [Fact]
    public async Task The_Clock_Is_Shown_And_Advanced()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("clock", "show"));
        Assert.Contains("The sandbox's time is ", _out.ToString(), StringComparison.Ordinal);
        DateTimeOffset before = _host!.Services.GetRequiredService<TimeProvider>().GetUtcNow();

        Assert.Equal(ExitCode.Ok, await RunAsync("clock", "advance", "1d2h"));

        TimeSpan advanced = _host.Services.GetRequiredService<TimeProvider>().GetUtcNow() - before;
        Assert.InRange(advanced, TimeSpan.FromHours(26), TimeSpan.FromHours(26.2));
        Assert.Equal(ExitCode.Usage, await RunAsync("clock", "advance", "soon"));
    }

    [Fact]
    public async Task The_Application_Says_It_Is_Well()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("status"));
        Assert.Contains($"{_host!.Url}: ok", _out.ToString(), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _directory.Dispose();
        await _out.DisposeAsync();
        await _error.DisposeAsync();
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
        }
    }

    private Task<int> RunAsync(params string[] arguments) => SiteMonitorCommand.RunAsync(
        Terminals.In(_directory.Path, _out, _error),
        arguments,
        Cancelled);
}
