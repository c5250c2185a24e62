using System.Text.Json;
using Microsoft.Data.Sqlite;
using SiteMonitor.Cli;
using SiteMonitor.Cli.Commands;
using SiteMonitor.Core.Backtest;
using SiteMonitor.LocalHost.Hosting;
using SiteMonitor.Sandbox;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.Seeds;

namespace SiteMonitor.Tests.LocalHost.EndToEnd;

/// <summary>Interrupts the command <c>backtest</c> and its host, as an operator does.</summary>
public sealed class BacktestResumeTests : IDisposable
{
    private const int Issues = 60;
    private const int AnsweredFirst = 30;

    /// <summary>How many issues the application decides on at a time.</summary>
    private const int Parallelism = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly TestDirectory _directory = new();
    private readonly StringWriter _text = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_Interrupted_Backtest_Asks_A_Real_Model_Only_For_Missing_Answers_After_A_Restart()
    {
        // Not the sandbox's own model, which has another address at each start.
        await using SandboxServer model = await SandboxServer.StartAsync(new SandboxOptions { Seeds = SeedSet.Empty }, Stop);
        using CancellationTokenSource interrupt = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using (RunningHost host = await StartAsync(model))
        {
            // The first requests are answered, all others hang.
            model.Inject(new FaultRule { Match = "model", Effect = FaultEffect.Timeout, Skip = AnsweredFirst, Times = 0, DelayMs = 600_000 });
            Task<int> command = RunAsync(interrupt.Token);
            long started = TimeProvider.System.GetTimestamp();
            while (model.Stats.FaultsInjected < Parallelism)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience && !command.IsCompleted, _text.ToString());
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Stop);
            }

            await interrupt.CancelAsync();
            Assert.Equal(ExitCode.Interrupted, await command);
            Assert.Empty(host.Sandbox!.Writes);
        }

        // As in a new process: the pooled connections of the first host are to a file that the next start deletes.
        SqliteConnection.ClearAllPools();
        model.ClearFaults();
        long before = model.Stats.ModelRequests;
        await using RunningHost next = await StartAsync(model);
        string file = Path.Combine(_directory.Path, "result.json");
        int exitCode = await RunAsync(Stop, "--save", file);

        Assert.True(exitCode == ExitCode.Ok, _text.ToString());
        Assert.Equal(Issues - AnsweredFirst, model.Stats.ModelRequests - before);
        Assert.Empty(next.Sandbox!.Writes);
        BacktestBaseline result = JsonSerializer.Deserialize(
            await File.ReadAllTextAsync(file, Stop), BacktestJson.Default.BacktestBaseline)!;
        Assert.Equal(Issues, result.Rows.Count);
        Assert.Equal(Issues - AnsweredFirst, result.Rows.Sum(r => r.ModelCalls));
    }

    public void Dispose()
    {
        _directory.Dispose();
        _text.Dispose();
    }

    private Task<RunningHost> StartAsync(SandboxServer model)
    {
        string[] arguments =
        [
            "--port", "0", "--data", Path.Combine(_directory.Path, ".sitemonitor"),
            "--set", $"AzureOpenAI:Endpoint={model.BaseAddress}",
            "--set", $"AzureOpenAI:Deployment={model.Credentials.ModelDeployment}",
            "--set", $"AzureOpenAI:ApiKey={model.Credentials.ModelApiKey}",
        ];
        return RunningHost.StartAsync(HostArguments.Parse(arguments, out _)!, static _ => { }, Stop);
    }

    private Task<int> RunAsync(CancellationToken cancellationToken, params string[] options) => SiteMonitorCommand.RunAsync(
        Terminals.In(_directory.Path, _text),
        ["backtest", "--limit", $"{Issues}", .. options],
        cancellationToken);
}
