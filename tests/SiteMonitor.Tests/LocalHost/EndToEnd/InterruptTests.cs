using System.Net;
using System.Net.Sockets;
using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Ordinary acts, such as Ctrl-C or a port in use, end with a message and an exit code, never with a stack trace.</summary>
public sealed class InterruptTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly TestDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string[] Arguments => ["--port", "0", "--data", Path.Combine(_directory.Path, "data")];

    [Fact]
    public async Task Ctrl_C_In_The_Backlog_Says_What_Was_Done_And_How_To_Continue()
    {
        using HostProcess host = HostProcess.Start([.. Arguments, "--backlog"]);
        await host.Working.WaitAsync(Patience, Cancelled);
        host.Interrupt();

        Assert.Equal(HostExitCode.Interrupted, await host.EndAsync(Patience, Cancelled));
        Assert.Contains("Interrupted: ", host.Output, StringComparison.Ordinal);
        Assert.Contains("continue with the next start", host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
    }

    [Fact]
    public async Task Ctrl_C_In_The_Scenario_Ends_It_With_A_Message()
    {
        using HostProcess host = HostProcess.Start([.. Arguments, "--scenario", "rollout"]);
        await host.WaitForOutputAsync("Phase 3 of", Patience, Cancelled);
        host.Interrupt();

        Assert.Equal(HostExitCode.Interrupted, await host.EndAsync(Patience, Cancelled));
        Assert.Contains("Dashboard: http://127.0.0.1:", host.Output, StringComparison.Ordinal);
        Assert.Contains("Interrupted after ", host.Output, StringComparison.Ordinal);
        AssertNoStackTrace(host.Output);
    }

    [Fact]
    public async Task A_Port_In_Use_Is_Reported_In_One_Message()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        string port = $"{((IPEndPoint)taken.LocalEndPoint!).Port}";
        using HostProcess host = HostProcess.Start(["--backlog", "--data", Path.Combine(_directory.Path, "data"), "--port", port]);

        Assert.Equal(HostExitCode.CannotStart, await host.EndAsync(Patience, Cancelled));
        Assert.Equal(["SiteMonitor cannot start:", $"  - Port {port} is in use. Stop what listens there, or pass another one with --port "
            + "(0 selects a free one)."], host.Output.Split('\n'));
    }

    [Fact]
    public async Task Until_Idle_Ends_Without_A_Backlog_Too()
    {
        using HostProcess host = HostProcess.Start([.. Arguments, "--until-idle"]);

        Assert.Equal(HostExitCode.Ok, await host.EndAsync(Patience, Cancelled));
        Assert.Contains("0 issues in", host.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    private static void AssertNoStackTrace(string output) =>
        Assert.DoesNotContain(output.Split('\n'), line => line.StartsWith("   at ", StringComparison.Ordinal) || line.Contains("Exception", StringComparison.Ordinal));
}
