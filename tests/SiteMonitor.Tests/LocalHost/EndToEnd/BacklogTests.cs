using SiteMonitor.Benchmarks.Hosting;
using SiteMonitor.LocalHost;
using SiteMonitor.LocalHost.Hosting;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Runs the README's first command in a process: the sandbox's whole backlog.</summary>
public sealed class BacklogTests : IDisposable
{
    private const int Kills = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly TestDirectory _directory = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_directory.Path, "data");

    private string[] Arguments => ["--backlog", "--until-idle", "--port", "0", "--data", Data];

    [Fact]
    public async Task Every_Seed_Ends_As_It_Must_With_Five_Calls_An_Issue()
    {
        using StringWriter text = new();

        int exitCode = await LocalHostProgram.RunAsync([.. Arguments, "--sandbox"], Consoles.Plain(text));

        string output = text.ToString();
        Assert.True(exitCode == HostExitCode.Ok, output);
        Assert.Empty(await BacklogCheck.FaultsAsync(Path.Combine(Data, "sandbox"), Cancelled));
        Assert.Contains("5.0 for the whole way, 3.0 of them writes; at most 6; 1 extra calls in all", output, StringComparison.Ordinal);
        Assert.Contains("octo-org/watchtower#1 analyzing", output, StringComparison.Ordinal);
        Assert.Contains(": 38 succeeded, 14 waiting for a person, 0 failed", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Start_That_Cannot_Be_Ends_With_2_And_A_List() =>
        Assert.Equal(
            HostExitCode.CannotStart, await LocalHostProgram.RunAsync([.. Arguments, "--repo", "o/r"], Consoles.Plain(TextWriter.Null)));

    [Fact]
    public async Task Killed_At_Random_Moments_It_Goes_On_And_Ends_As_If_Nothing_Had_Happened()
    {
        int seed = Random.Shared.Next();
        Random random = new(seed);
        for (int kill = 0; kill < Kills; kill++)
        {
            using HostProcess victim = HostProcess.Start(Arguments);
            await victim.Working.WaitAsync(Patience, Cancelled);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1200)), TimeProvider.System, Cancelled);
            victim.Kill();
        }

        using HostProcess last = HostProcess.Start(Arguments);

        Assert.True(await last.EndAsync(Patience, Cancelled) == 0, $"Seed {seed}: {last.Output}");
        Assert.Contains("which was interrupted", last.Output, StringComparison.Ordinal);
        Assert.Empty((await BacklogCheck.FaultsAsync(Path.Combine(Data, "sandbox"), Cancelled)).Select(fault => $"Seed {seed}: {fault}"));
    }

    public void Dispose() => _directory.Dispose();
}
